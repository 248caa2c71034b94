package io.flotilla.node.grpc.group;

import io.flotilla.node.coordinator.GroupTime;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.partition.PartitionSet;
import io.flotilla.proto.internal.v1.GroupPicture;
import io.flotilla.proto.internal.v1.ReadGroupsRequest;
import io.flotilla.proto.state.v1.ConsumerGroupState;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.state.v1.CursorState;
import io.flotilla.proto.state.v1.DeleteCursor;
import io.flotilla.proto.state.v1.GroupTopic;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes cursors that nobody will ask for again, of the partitions that are led here: of consumer
 * groups that are no more, and in topics that their group has not read for long. Compares again and
 * again, so deleting a group needs nothing else. What a coordinator does not answer for stays. Its
 * thread waits for nothing but the disk.
 */
public final class CursorCleaner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CursorCleaner.class);
  private static final Duration ASKING_MAX = Duration.ofSeconds(20);

  /** A group that is asked for in one call. */
  private static final int NAMES_MAX = 1_000;

  /** A cursor this young may be of a group that is being made. */
  private static final Duration YOUNG = Duration.ofMinutes(1);

  private record Found(Partition partition, CursorState cursor) {}

  private final PartitionSet partitions;
  private final GroupCalls groups;
  private final Duration retention;
  private final GroupTime time;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread t = new Thread(task, "flotilla-cursors");
            t.setDaemon(true);
            return t;
          });

  /**
   * @param time what they are forgotten by
   */
  public CursorCleaner(
      PartitionSet partitions, GroupCalls groups, Duration retention, GroupTime time) {
    this.partitions = partitions;
    this.groups = groups;
    this.retention = retention;
    this.time = time;
  }

  public void start() {
    long everyMs = Math.min(YOUNG.toMillis(), retention.toMillis());
    var unused =
        thread.scheduleWithFixedDelay(this::lookSafely, everyMs, everyMs, TimeUnit.MILLISECONDS);
  }

  private void lookSafely() {
    try {
      look();
    } catch (RuntimeException e) {
      LOG.error("cursors could not be cleaned up; it is tried again", e);
    }
  }

  private void look() {
    if (!time.isAgreed()) {
      return; // This node's clock alone may be wrong by weeks.
    }
    Map<String, List<Found>> byGroup = new TreeMap<>();
    for (Partition partition : partitions.partitions()) {
      if (partition.leads()) {
        partition
            .cursors()
            .all()
            .forEach(
                (group, cursor) ->
                    byGroup
                        .computeIfAbsent(group, any -> new ArrayList<>())
                        .add(new Found(partition, cursor)));
      }
    }
    Map<Long, Set<String>> byCoordinator = new TreeMap<>();
    byGroup
        .keySet()
        .forEach(
            group ->
                byCoordinator
                    .computeIfAbsent(Coordinators.of(group), any -> new TreeSet<>())
                    .add(group));
    byCoordinator.forEach((coordinator, names) -> ask(coordinator, List.copyOf(names), byGroup));
  }

  private void ask(long coordinator, List<String> names, Map<String, List<Found>> byGroup) {
    for (int from = 0; from < names.size(); from += NAMES_MAX) {
      List<String> some = names.subList(from, Math.min(names.size(), from + NAMES_MAX));
      ReadGroupsRequest request =
          ReadGroupsRequest.newBuilder().setCoordinator(coordinator).addAllNames(some).build();
      CallScope scope = CallScope.of(Deadline.after(ASKING_MAX.toMillis(), TimeUnit.MILLISECONDS));
      var unused =
          groups
              .read(request, scope)
              .whenCompleteAsync(
                  (pictures, fault) -> {
                    if (fault != null) {
                      LOG.debug("coordinator {} does not answer; later", coordinator, fault);
                    } else {
                      clean(some, pictures, byGroup);
                    }
                  },
                  thread);
    }
  }

  private void clean(
      List<String> names, List<GroupPicture> pictures, Map<String, List<Found>> byGroup) {
    Map<String, ConsumerGroupState> states = new HashMap<>();
    Set<String> withMembers = new HashSet<>();
    for (GroupPicture picture : pictures) {
      ConsumerGroupState state = GroupDescriber.state(picture);
      states.put(state.getName(), state);
      if (picture.getMemberCount() > 0) {
        withMembers.add(state.getName());
      }
    }
    for (String name : names) {
      for (Found found : byGroup.getOrDefault(name, List.of())) {
        ConsumerGroupState state = states.get(name);
        if (state == null || found.cursor().getGeneration() < state.getBornGeneration()) {
          delete(name, found, YOUNG);
        } else if (withMembers.contains(name) && !reads(state, found.partition())) {
          delete(name, found, retention);
        }
      }
    }
  }

  private static boolean reads(ConsumerGroupState state, Partition partition) {
    for (GroupTopic topic : state.getTopicsList()) {
      if (topic.getTopicId() == partition.id().topicId()) {
        return true;
      }
    }
    return false;
  }

  private void delete(String group, Found found, Duration unusedFor) {
    long unlessSince = time.getAsLong() - unusedFor.toMillis();
    if (found.cursor().getCommittedUnixMs() >= unlessSince) {
      return;
    }
    CursorCommand command =
        CursorCommand.newBuilder()
            .setGroup(group)
            .setGeneration(found.cursor().getGeneration())
            .setDelete(DeleteCursor.newBuilder().setUnlessCommittedSinceUnixMs(unlessSince))
            .build();
    var unused =
        found
            .partition()
            .cursors()
            .propose(command)
            .whenComplete(
                (outcome, fault) -> {
                  PartitionId id = found.partition().id();
                  if (fault != null) {
                    LOG.debug("cursor of {} in {} not removed; later", group, id, fault);
                  } else if (!outcome.hasCursor()) {
                    long offset = found.cursor().getOffset();
                    LOG.info(
                        "cursor removed consumerGroup={} partition={} offset={}",
                        group,
                        id,
                        offset);
                  }
                });
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
