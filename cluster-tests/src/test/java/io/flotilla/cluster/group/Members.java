package io.flotilla.cluster.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Workload;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.CommitOffsetsRequest;
import io.flotilla.proto.v1.ListOffsetsRequest;
import io.flotilla.proto.v1.ListedOffset;
import io.flotilla.proto.v1.OffsetCommit;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The members of one consumer group, each a process, and the judge of what they wrote down.
 * Confined to the thread of the test.
 */
final class Members implements AutoCloseable {
  private static final Duration STABLE_MAX = Duration.ofSeconds(60);

  /** Less than half a second of events under the loads here. */
  private static final int KEEPING_UP = 60;

  private final TestCluster cluster;
  private final String group;
  private final String topic;
  private final int partitions;
  private final Path folder;
  private final Map<String, MemberProcess> members = new TreeMap<>();

  Members(TestCluster cluster, String group, String topic, int partitions) {
    this.cluster = cluster;
    this.group = group;
    this.topic = topic;
    this.partitions = partitions;
    try {
      this.folder = Files.createTempDirectory("flotilla-members-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a member at a server, the others being where it goes when its stream breaks. */
  MemberProcess startAt(String servers, String name, String... options) {
    List<String> all = new ArrayList<>(List.of("group=" + group, "topics=" + topic));
    all.addAll(List.of(options));
    MemberProcess member = MemberProcess.start(folder, servers, name, all.toArray(String[]::new));
    members.put(name, member);
    return member;
  }

  /** Starts a member at all servers. */
  MemberProcess start(String name, String... options) {
    return startAt(cluster.servers(), name, options);
  }

  /** Waits until these members have all partitions among them, evenly. */
  void awaitShared(MemberProcess... who) {
    List<MemberProcess> sharers = List.of(who);
    Await.until(
        "partitions are shared by " + sharers.stream().map(MemberProcess::name).toList(),
        STABLE_MAX,
        () -> isShared(sharers));
  }

  private boolean isShared(List<MemberProcess> sharers) {
    List<Integer> all = new ArrayList<>();
    for (MemberProcess member : sharers) {
      List<Integer> mine = member.partitions();
      boolean fair =
          mine.size() >= partitions / sharers.size()
              && mine.size() <= (partitions + sharers.size() - 1) / sharers.size();
      if (!fair) {
        return false;
      }
      all.addAll(mine);
    }
    return all.size() == partitions && new HashSet<>(all).size() == partitions;
  }

  /**
   * Waits until each of the partitions has been delivered to one of the members again.
   *
   * @return milliseconds from the moment to the last one's first event
   */
  long awaitConsumedAgain(
      Collection<Integer> which, long sinceNanos, Duration atMost, MemberProcess... by) {
    Map<Integer, Long> first = new TreeMap<>();
    Await.until(
        "partitions " + which + " are consumed again",
        atMost,
        () -> {
          for (int partition : which) {
            for (MemberProcess member : by) {
              long at = member.firstFrom(partition, sinceNanos);
              if (at != 0) {
                first.merge(partition, at, Math::min);
              }
            }
          }
          return first.keySet().containsAll(which);
        });
    return (first.values().stream().max(Comparator.naturalOrder()).orElseThrow() - sinceNanos)
        / 1_000_000;
  }

  /** Whoever speaks for the member commits nothing any more, through whichever node. */
  void demandFenced(MemberProcess gone, Collection<Integer> which) {
    Map<Integer, MemberProcess.Line> assigned = new TreeMap<>();
    gone.lines("assigned").forEach(line -> assigned.put(line.partition(), line));
    CommitOffsetsRequest.Builder request = CommitOffsetsRequest.newBuilder().setGroup(group);
    for (int partition : which) {
      MemberProcess.Line line = assigned.get(partition);
      if (line == null) {
        throw new AssertionError(gone.name() + " never had partition " + partition);
      }
      request.addOffsets(
          OffsetCommit.newBuilder()
              .setTopic(topic)
              .setPartition(partition)
              .setGeneration(line.number(3))
              .setOffset(line.number(4)));
    }
    for (int node = 1; node <= cluster.size(); node++) {
      assertThat(cluster.wire(node).offsets().commitOffsets(request.build()).getResultsList())
          .extracting(result -> result.getFailure().getReason())
          .containsOnly(ErrorReason.ERROR_REASON_MEMBER_FENCED);
    }
  }

  /** All that any member wrote down, by time. */
  private List<MemberProcess.Line> lines(String what) {
    return members.values().stream()
        .flatMap(member -> member.lines(what).stream())
        .sorted(Comparator.comparingLong(MemberProcess.Line::nanos))
        .toList();
  }

  /** How many events were committed, over all partitions. */
  long committed() {
    return sum(committedOffsets());
  }

  private Map<Integer, Long> committedOffsets() {
    Map<Integer, Long> highest = new HashMap<>();
    lines("committed").forEach(line -> highest.merge(line.partition(), line.number(3), Math::max));
    return highest;
  }

  private static long sum(Map<Integer, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Waits until the members have processed all that there is, and judges; answers repetitions. */
  long finish(Workload workload, Duration atMost) {
    workload.finish();
    return finish(atMost);
  }

  /** The same, when nothing is published any more. */
  long finish(Duration atMost) {
    long end = logEnd();
    awaitCommitted(end, atMost);
    return judge(end);
  }

  /** Events in the topic, whether their producers heard of it or not. */
  private long logEnd() {
    return sum(logEnds());
  }

  private Map<Integer, Long> logEnds() {
    ListOffsetsRequest request =
        ListOffsetsRequest.newBuilder()
            .setTopic(topic)
            .setPosition(Position.newBuilder().setFrom(StartFrom.START_FROM_LATEST))
            .build();
    return cluster.anyWire().consumer().listOffsets(request).getOffsetsList().stream()
        .collect(Collectors.toMap(ListedOffset::getPartition, ListedOffset::getOffset));
  }

  /** Waits until the members keep up with what is published. */
  void awaitKeepingUp(Duration atMost) {
    Await.until("the members keep up", atMost, () -> logEnd() - committed() < KEEPING_UP);
  }

  /** Waits until everything that is in these partitions is committed. */
  void awaitAllCommitted(Collection<Integer> which, Duration atMost) {
    Map<Integer, Long> ends = logEnds();
    ends.keySet().retainAll(which);
    Await.until(
        "everything in partitions " + which + " is committed",
        atMost,
        () -> committedOffsets().entrySet().containsAll(ends.entrySet()));
  }

  void awaitCommitted(long events, Duration atMost) {
    Await.until(events + " events are committed", atMost, () -> committed() >= events);
  }

  /**
   * Judges: each event was delivered; none below what had been committed when its partition was
   * assigned; no two members had a partition in one generation; each member got each partition's
   * events in order. Answers how many events were delivered more than once.
   */
  private long judge(long eventsPublished) {
    Map<String, Set<Long>> delivered = new HashMap<>();
    long deliveries = 0;
    for (MemberProcess.Line line : lines("got")) {
      delivered
          .computeIfAbsent(line.topic() + "-" + line.partition(), any -> new HashSet<>())
          .add(line.number(3));
      deliveries++;
    }
    long events = delivered.values().stream().mapToLong(Set::size).sum();
    assertThat(events).as("every event was delivered").isEqualTo(eventsPublished);
    judgeOwners();
    members.values().forEach(Members::judgeOrder);
    return deliveries - events;
  }

  private void judgeOwners() {
    Map<String, String> owners = new HashMap<>();
    Map<String, Map<Long, Long>> starts = new HashMap<>(); // partition → generation → start
    Map<String, Map<Long, Long>> commits = new HashMap<>(); // partition → generation → highest
    for (MemberProcess member : members.values()) {
      String id = "";
      Map<String, Long> generations = new HashMap<>();
      for (MemberProcess.Line line : member.lines()) {
        String partition = line.words().size() > 2 ? line.topic() + "-" + line.words().get(2) : "";
        switch (line.what()) {
          case "joined" -> id = line.words().get(1);
          case "assigned" -> {
            long generation = line.number(3);
            String before = owners.put(partition + "@" + generation, id);
            assertThat(before == null || before.equals(id))
                .as("%s in generation %d has one owner", partition, generation)
                .isTrue();
            generations.put(partition, generation);
            starts
                .computeIfAbsent(partition, any -> new TreeMap<>())
                .merge(generation, line.number(4), Math::min);
          }
          case "committed" ->
              commits
                  .computeIfAbsent(partition, any -> new TreeMap<>())
                  .merge(generations.getOrDefault(partition, 0L), line.number(3), Math::max);
          default -> {}
        }
      }
    }
    starts.forEach(
        (partition, byGeneration) ->
            byGeneration.forEach(
                (generation, start) ->
                    commits
                        .getOrDefault(partition, Map.of())
                        .forEach(
                            (earlier, committed) -> {
                              if (earlier < generation) {
                                assertThat(start)
                                    .as(
                                        "%s in generation %d, after commits in %d",
                                        partition, generation, earlier)
                                    .isGreaterThanOrEqualTo(committed);
                              }
                            })));
  }

  private static void judgeOrder(MemberProcess member) {
    Map<String, Long> last = new HashMap<>();
    for (MemberProcess.Line line : member.lines()) {
      if (line.what().equals("assigned")) {
        last.put(line.topic() + "-" + line.partition(), line.number(4) - 1);
      } else if (line.what().equals("got")) {
        String partition = line.topic() + "-" + line.partition();
        Long before = last.put(partition, line.number(3));
        assertThat(line.number(3))
            .as("%s got %s in order, after %s", member.name(), partition, before)
            .isGreaterThan(before == null ? -1 : before);
      }
    }
  }

  @Override
  public void close() {
    members.values().forEach(MemberProcess::close);
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
