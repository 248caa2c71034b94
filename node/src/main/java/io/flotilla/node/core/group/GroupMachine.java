package io.flotilla.node.core.group;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.StateMachine;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.ConsumerGroupOutcome;
import io.flotilla.proto.state.v1.ConsumerGroupState;
import io.flotilla.proto.state.v1.CoordinatorCommand;
import io.flotilla.proto.state.v1.CoordinatorCounters;
import io.flotilla.proto.state.v1.CoordinatorOutcome;
import io.flotilla.proto.state.v1.MemberState;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a coordinator group: consumer groups, their members, who has what. Confined
 * to the thread that applies, but for {@link #images}. All commands of an entry are carried out,
 * then each group that changed is shared out once. A refused command changes nothing.
 */
public final class GroupMachine implements StateMachine {

  private final long coordinator;
  private final Consumer<Collection<String>> listener;
  private final SortedMap<String, ConsumerGroup> groups = new TreeMap<>();
  private final Map<String, Set<String>> written = new HashMap<>(); // group → members with a row
  private final SortedSet<String> changed = new TreeSet<>();
  private long generationFloor;
  private volatile Map<String, GroupImage> images = Map.of();

  /**
   * @param listener hears which consumer groups changed or went, on the thread that applies; must
   *     not block
   */
  public GroupMachine(long coordinator, Store store, Consumer<Collection<String>> listener) {
    this.coordinator = coordinator;
    this.listener = listener;
    open(store);
    Map<String, GroupImage> first = new HashMap<>();
    groups.forEach((name, group) -> first.put(name, group.image()));
    images = Collections.unmodifiableMap(first);
  }

  private void open(View view) {
    byte[] counters = view.get(Table.GROUPS, GroupKeys.counters(coordinator));
    if (counters != null) {
      generationFloor = parse(CoordinatorCounters.parser(), counters).getGenerationFloor();
    }
    try (View.Cursor rows =
        view.scan(
            Table.GROUPS,
            Keys.of(coordinator, GroupKeys.GROUPS),
            Keys.of(coordinator, GroupKeys.MEMBERS))) {
      while (rows.next()) {
        ConsumerGroupState row = parse(ConsumerGroupState.parser(), rows.value());
        groups.put(row.getName(), new ConsumerGroup(row));
        written.put(row.getName(), new HashSet<>());
      }
    }
    try (View.Cursor rows =
        view.scan(
            Table.GROUPS, Keys.of(coordinator, GroupKeys.MEMBERS), GroupKeys.to(coordinator))) {
      while (rows.next()) {
        Member member = Member.stored(parse(MemberState.parser(), rows.value()));
        String name = GroupKeys.groupOf(rows.key());
        ConsumerGroup group = groups.get(name);
        if (group == null) {
          throw new IllegalStateException("a member without its consumer group " + name);
        }
        group.members.put(member.id(), member);
        written.computeIfAbsent(name, any -> new HashSet<>()).add(member.id());
      }
    }
  }

  private static <T> T parse(Parser<T> parser, byte[] row) {
    try {
      return parser.parseFrom(row);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a row of a consumer group cannot be read", e);
    }
  }

  /** The consumer groups by name, as last published. For any thread. */
  public Map<String, GroupImage> images() {
    return images;
  }

  @Override
  public ByteString apply(Applied at, ByteString command, WriteBatch batch) {
    CoordinatorCommand entry = decode(at, command);
    List<ConsumerGroupOutcome.Builder> outcomes = new ArrayList<>();
    SortedSet<String> touched = new TreeSet<>();
    for (ConsumerGroupCommand one : entry.getCommandsList()) {
      outcomes.add(apply(at, entry.getTimeUnixMs(), one, touched, batch));
    }
    for (String name : touched) {
      ConsumerGroup group = groups.get(name);
      if (group != null) {
        group.share(entry.getTimeUnixMs());
      }
      write(name, group, batch);
    }
    changed.addAll(touched);
    CoordinatorOutcome.Builder answer = CoordinatorOutcome.newBuilder();
    for (int i = 0; i < outcomes.size(); i++) {
      ConsumerGroupOutcome.Builder outcome = outcomes.get(i);
      ConsumerGroup group = groups.get(entry.getCommands(i).getGroup());
      if (group != null && outcome.getError() == ErrorReason.ERROR_REASON_UNSPECIFIED) {
        outcome
            .setGeneration(group.row().getGeneration())
            .setBornGeneration(group.row().getBornGeneration());
      }
      answer.addOutcomes(outcome);
    }
    return answer.build().toByteString();
  }

  private CoordinatorCommand decode(Applied at, ByteString command) {
    try {
      return CoordinatorCommand.parseFrom(command);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(
          "coordinator " + coordinator + " cannot read its command at " + at, e);
    }
  }

  private ConsumerGroupOutcome.Builder apply(
      Applied at,
      long timeMs,
      ConsumerGroupCommand command,
      SortedSet<String> touched,
      WriteBatch batch) {
    ConsumerGroupOutcome.Builder outcome = ConsumerGroupOutcome.newBuilder();
    try {
      carryOut(at, timeMs, command, batch);
      touched.add(command.getGroup());
    } catch (FlotillaException refusal) {
      outcome.setError(refusal.reason()).setMessage(String.valueOf(refusal.getMessage()));
    }
    return outcome;
  }

  private void carryOut(Applied at, long timeMs, ConsumerGroupCommand command, WriteBatch batch) {
    String name = command.getGroup();
    switch (command.getCommandCase()) {
      case JOIN -> {
        ConsumerGroup group = existingOrNew(name, timeMs);
        group.join(command.getJoin(), timeMs);
        groups.put(name, group);
      }
      case REMOVE -> {
        ConsumerGroup group = groups.get(name);
        if (group != null) {
          group.remove(command.getRemove(), timeMs);
        }
      }
      case RELEASE -> existing(name).release(command.getRelease());
      case UPDATE_TOPICS -> existing(name).update(command.getUpdateTopics(), timeMs);
      case OPEN -> {
        ConsumerGroup group = existingOrNew(name, timeMs);
        group.demandEmpty();
        group.touch(timeMs);
        groups.put(name, group);
      }
      case FENCE -> {
        ConsumerGroup group = existing(name);
        group.demandEmpty();
        group.fence(timeMs);
      }
      case DELETE -> delete(name, command.getDelete().getIfIdleSinceBeforeUnixMs(), batch);
      case COMMAND_NOT_SET ->
          throw new IllegalStateException(
              "coordinator " + coordinator + " cannot apply " + at + ": its command is newer");
    }
  }

  private ConsumerGroup existing(String name) {
    ConsumerGroup group = groups.get(name);
    if (group == null) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_GROUP_NOT_FOUND, "there is no consumer group \"" + name + "\"");
    }
    return group;
  }

  private ConsumerGroup existingOrNew(String name, long timeMs) {
    ConsumerGroup group = groups.get(name);
    if (group != null) {
      return group;
    }
    if (groups.size() >= GroupLimits.GROUPS_MAX) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_GROUP_LIMIT,
          "its coordinator has " + groups.size() + " consumer groups of " + GroupLimits.GROUPS_MAX);
    }
    return ConsumerGroup.born(name, generationFloor + 1, timeMs);
  }

  private void delete(String name, long ifIdleSinceBefore, WriteBatch batch) {
    ConsumerGroup group = existing(name);
    long idleSince = group.row().getIdleSinceUnixMs();
    if (ifIdleSinceBefore > 0 && (idleSince == 0 || idleSince >= ifIdleSinceBefore)) {
      return;
    }
    group.demandEmpty();
    groups.remove(name);
    generationFloor = Math.max(generationFloor, group.row().getGeneration());
    batch.put(
        Table.GROUPS,
        GroupKeys.counters(coordinator),
        CoordinatorCounters.newBuilder().setGenerationFloor(generationFloor).build().toByteArray());
  }

  /** Writes what changed of a group, and deletes what is no more. */
  private void write(String name, @Nullable ConsumerGroup group, WriteBatch batch) {
    Set<String> rows = written.computeIfAbsent(name, any -> new HashSet<>());
    for (String memberId : new TreeSet<>(rows)) {
      if (group == null || !group.members.containsKey(memberId)) {
        rows.remove(memberId);
        batch.delete(Table.GROUPS, GroupKeys.member(coordinator, name, memberId));
      }
    }
    if (group == null) {
      written.remove(name);
      batch.delete(Table.GROUPS, GroupKeys.group(coordinator, name));
      return;
    }
    batch.put(Table.GROUPS, GroupKeys.group(coordinator, name), group.row().toByteArray());
    for (Member member : group.members.values()) {
      rows.add(member.id());
      if (member.refreshRow()) {
        batch.put(
            Table.GROUPS,
            GroupKeys.member(coordinator, name, member.id()),
            member.row().toByteArray());
      }
    }
  }

  @Override
  public void publish() {
    if (changed.isEmpty()) {
      return;
    }
    Map<String, GroupImage> next = new HashMap<>(images);
    for (String name : changed) {
      ConsumerGroup group = groups.get(name);
      if (group == null) {
        next.remove(name);
      } else {
        next.put(name, group.image());
      }
    }
    images = Collections.unmodifiableMap(next);
    List<String> names = List.copyOf(changed);
    changed.clear();
    listener.accept(names);
  }
}
