package io.flotilla.node.simulation;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.StateMachine;
import io.flotilla.node.core.log.CursorRows;
import io.flotilla.node.core.log.LogPlace;
import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.raft.AppliedRow;
import io.flotilla.node.raft.RebuildDoor;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.CursorState;
import io.flotilla.proto.state.v1.GroupCommand;
import io.flotilla.proto.state.v1.PartitionCommand;
import io.flotilla.proto.state.v1.PartitionState;
import io.flotilla.proto.state.v1.ProducerState;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Builds of the product with one fault each. Confined to one thread. */
final class Mutants {

  private static final long FIRST_PARTITIONS = 1_000;

  private Mutants() {}

  /** Those with a kept schedule that finds them out, by its name. */
  static SortedMap<String, Build.Maker> named() {
    SortedMap<String, Build.Maker> named = new TreeMap<>();
    named.put("stores-what-comes", Mutants::noDuplicateCheck);
    named.put("forgets-producers", Mutants::producersAreNotKept);
    named.put("accepts-an-old-epoch", Mutants::oldEpochAccepted);
    named.put("commits-with-an-old-generation", Mutants::noGenerationCheck);
    named.put("applies-otherwise", Mutants::appliesOtherwiseOnOneNode);
    named.put("answers-before-the-commit", Mutants::answersBeforeCommit);
    named.put("shows-what-is-not-committed", Mutants::showsUncommitted);
    named.put("writes-the-index-apart", Mutants::indexIsApartFromTheRows);
    named.put("trims-too-much", Mutants::trimsTooMuch);
    named.put("compacts-the-last-event", Mutants::compactionTakesTheLast);
    named.put("rebuilds-without-cursors", () -> snapshotForgets(Table.CURSORS));
    named.put("rebuilds-without-superseded", () -> snapshotForgets(Table.SUPERSEDED));
    named.put("rebuilds-without-groups", () -> snapshotForgets(Table.GROUPS));
    return named;
  }

  /** What becomes of a command before the real machine has it. */
  private interface Change {
    PartitionCommand of(PartitionCommand command, long nodeTimeMs, WriteBatch batch);
  }

  /** Changes every command of partitions on its way into the machine. */
  private record Changed(StateMachine real, Change change) implements StateMachine {
    @Override
    public ByteString apply(Applied at, ByteString command, WriteBatch batch) {
      try {
        GroupCommand entry = GroupCommand.parseFrom(command);
        GroupCommand.Builder changed = entry.toBuilder().clearCommands();
        for (PartitionCommand one : entry.getCommandsList()) {
          changed.addCommands(change.of(one, entry.getTimeUnixMs(), batch));
        }
        return real.apply(at, changed.build().toByteString(), batch);
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void publish() {
      real.publish();
    }
  }

  private static Build changing(Change change) {
    return new Build() {
      @Override
      StateMachine machine(int node, long group, Store store, StateMachine real) {
        return group < FIRST_PARTITIONS ? real : new Changed(real, change);
      }
    };
  }

  private static AppendBatch nameless(AppendBatch append) {
    return append.toBuilder().setProducerId(0).setProducerEpoch(0).setFirstSequence(-1).build();
  }

  /** Stores whatever comes. */
  static Build noDuplicateCheck() {
    return changing(
        (command, time, batch) ->
            command.hasAppend()
                ? command.toBuilder().setAppend(nameless(command.getAppend())).build()
                : command);
  }

  /** Stores what a past self of a producer sends. */
  static Build oldEpochAccepted() {
    return changing(
        (command, time, batch) ->
            command.hasAppend() && command.getAppend().getProducerEpoch() < epoch(command, batch)
                ? command.toBuilder().setAppend(nameless(command.getAppend())).build()
                : command);
  }

  private static int epoch(PartitionCommand command, View view) {
    LogPlace place = LogPlace.of(view, PartitionId.of(command.getPartitionId()));
    byte[] row =
        view.get(Table.PRODUCERS, Keys.of(place.number(), command.getAppend().getProducerId()));
    try {
      return row == null ? 0 : ProducerState.parseFrom(row).getEpoch();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A cursor takes whoever's word. */
  static Build noGenerationCheck() {
    return changing(
        (command, time, batch) -> {
          if (!command.hasCursor() || !command.getCursor().hasCommit()) {
            return command;
          }
          PartitionId id = PartitionId.of(command.getPartitionId());
          CursorState now = CursorRows.read(batch, id, command.getCursor().getGroup());
          long least = now == null ? 0 : now.getGeneration();
          return command.toBuilder()
              .setCursor(
                  command.getCursor().toBuilder()
                      .setGeneration(Math.max(least, command.getCursor().getGeneration())))
              .build();
        });
  }

  /** Trims one event more than it was told, when it can. */
  static Build trimsTooMuch() {
    return changing(
        (command, time, batch) -> {
          if (!command.hasTrim()) {
            return command;
          }
          PartitionId id = PartitionId.of(command.getPartitionId());
          PartitionState state = new LogReader(batch, id).state();
          long upTo = Math.min(state.getNextOffset(), command.getTrim().getUpToOffset() + 1);
          return command.toBuilder()
              .setTrim(command.getTrim().toBuilder().setUpToOffset(upTo))
              .build();
        });
  }

  /** One replica sees another time than the others. */
  static Build appliesOtherwiseOnOneNode() {
    return new Build() {
      @Override
      StateMachine machine(int node, long group, Store store, StateMachine real) {
        if (node != 2 || group < FIRST_PARTITIONS) {
          return real;
        }
        return new StateMachine() {
          @Override
          public ByteString apply(Applied at, ByteString command, WriteBatch batch) {
            try {
              GroupCommand entry = GroupCommand.parseFrom(command);
              long later = entry.getTimeUnixMs() + 1;
              ByteString changed = entry.toBuilder().setTimeUnixMs(later).build().toByteString();
              return real.apply(at, changed, batch);
            } catch (InvalidProtocolBufferException e) {
              throw new IllegalStateException(e);
            }
          }

          @Override
          public void publish() {
            real.publish();
          }
        };
      }
    };
  }

  /** Compaction takes the last batch, too. */
  static Build compactionTakesTheLast() {
    return new Build() {
      @Override
      StateMachine machine(int node, long group, Store store, StateMachine real) {
        return group < FIRST_PARTITIONS ? real : new TakesTheLast(real);
      }
    };
  }

  private record TakesTheLast(StateMachine real) implements StateMachine {
    @Override
    public ByteString apply(Applied at, ByteString command, WriteBatch batch) {
      final ByteString outcome = real.apply(at, command, batch);
      try {
        for (PartitionCommand one : GroupCommand.parseFrom(command).getCommandsList()) {
          if (one.hasCompact()) {
            LogPlace place = LogPlace.of(batch, PartitionId.of(one.getPartitionId()));
            try (View.Cursor rows = batch.scanBackward(Table.EVENTS, place.from(), place.to())) {
              if (rows.next()) {
                batch.delete(Table.EVENTS, rows.key());
              }
            }
          }
        }
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
      return outcome;
    }

    @Override
    public void publish() {
      real.publish();
    }
  }

  /** A leader answers what only it has. */
  static Build answersBeforeCommit() {
    return new Build() {
      @Override
      boolean answersEarly() {
        return true;
      }
    };
  }

  /** A leader applies, and shows, what only it has. */
  static Build showsUncommitted() {
    return new Build() {
      @Override
      long deliverable(int node, IdealRaft raft) {
        boolean early = raft.leader() == node && raft.group() >= FIRST_PARTITIONS;
        return early ? raft.end() : raft.committed();
      }
    };
  }

  /** A rebuilt replica lacks a table. */
  static Build snapshotForgets(Table table) {
    return new Build() {
      @Override
      boolean exports(Table one) {
        return one != table;
      }
    };
  }

  /** A restart finds no producers. */
  static Build producersAreNotKept() {
    return new Build() {
      @Override
      void crashed(Store store) {
        try (WriteBatch batch = store.newBatch()) {
          batch.deleteRange(Table.PRODUCERS, Keys.FIRST, Keys.last());
          store.commit(batch);
        }
      }
    };
  }

  /** The applied index is durable at once, the rows later: it is not in their write. */
  static Build indexIsApartFromTheRows() {
    return new Build() {
      private final Map<Long, Applied> before = new TreeMap<>();

      @Override
      void crashing(Store store) {
        before.clear();
        try (View.Cursor rows = store.scan(Table.RAFT, Keys.FIRST, Keys.last())) {
          while (rows.next()) {
            long group = Keys.number(rows.key(), 0);
            before.put(group, AppliedRow.of(store, group));
          }
        }
      }

      @Override
      void crashed(Store store) {
        try (WriteBatch batch = store.newBatch()) {
          before.forEach((group, at) -> RebuildDoor.applied(batch, group, at));
          store.commit(batch);
        }
      }
    };
  }
}
