package io.flotilla.node.grpc.group;

import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.CommitResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Commits of a member's partitions: one a partition is under way, and not too soon after the last;
 * what is acknowledged meanwhile goes together in the next one. Confined to the member's serial
 * executor.
 */
final class MemberCommits {

  private static final Duration ASKING_MAX = Duration.ofSeconds(10);

  /** A commit costs an entry of the partition's Raft group: no more than one in this time. */
  private static final Duration PACE = Duration.ofMillis(100);

  /**
   * What became of a commit.
   *
   * @param fenced the partition is no longer the member's
   */
  record Committed(HeldPartition partition, CommitResult result, boolean fenced) {}

  private final GroupCursors cursors;
  private final CursorCommands commands;
  private final CallScope scope;
  private final Executor serial;
  private final Consumer<List<Committed>> listener;
  private final Set<HeldPartition> later = new LinkedHashSet<>();
  private boolean laterDue;
  private boolean hurries;

  /**
   * @param listener called on the serial executor
   */
  MemberCommits(
      GroupCursors cursors,
      CursorCommands commands,
      CallScope scope,
      Executor serial,
      Consumer<List<Committed>> listener) {
    this.cursors = cursors;
    this.commands = commands;
    this.scope = scope;
    this.serial = serial;
    this.listener = listener;
  }

  /**
   * Commits what the partitions have to commit: at once what has not been committed for a while, or
   * is being revoked, or when the member finishes; the rest a little later.
   */
  void commit(Collection<HeldPartition> due) {
    long nanos = System.nanoTime();
    List<HeldPartition> begun = new ArrayList<>();
    List<GroupCursors.CursorUpdate> updates = new ArrayList<>();
    for (HeldPartition one : due) {
      if (!one.commitDue()) {
        continue;
      }
      boolean now = hurries || one.revoking() || nanos - one.lastCommitNanos() >= PACE.toNanos();
      if (now) {
        begun.add(one);
        updates.add(commands.commit(one, one.beginCommit(nanos)));
      } else {
        later.add(one);
      }
    }
    if (!later.isEmpty() && !laterDue) {
      laterDue = true;
      CallThreads.after(PACE.toMillis(), serial, this::later);
    }
    if (!begun.isEmpty()) {
      var unused =
          cursors
              .updateAll(updates, scope.asking(ASKING_MAX))
              .whenCompleteAsync((results, fault) -> ended(begun, results, fault), serial);
    }
  }

  private void later() {
    laterDue = false;
    List<HeldPartition> due = List.copyOf(later);
    later.clear();
    commit(due);
  }

  /** From now on nothing waits. */
  void hurry(Collection<HeldPartition> all) {
    hurries = true;
    commit(all);
  }

  private void ended(
      List<HeldPartition> begun,
      @Nullable Map<PartitionId, GroupCursors.Result> results,
      @Nullable Throwable fault) {
    List<Committed> committed = new ArrayList<>();
    for (HeldPartition one : begun) {
      one.endCommit();
      GroupCursors.Result result = results == null ? null : results.get(one.id());
      FlotillaException why = result == null ? null : result.failure();
      boolean fenced = why != null && why.reason() == ErrorReason.ERROR_REASON_MEMBER_FENCED;
      committed.add(new Committed(one, CursorCommands.answer(one.name(), result, fault), fenced));
    }
    commit(begun);
    listener.accept(committed);
  }
}
