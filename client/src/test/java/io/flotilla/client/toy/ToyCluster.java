package io.flotilla.client.toy;

import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.LeaderHint;
import io.flotilla.proto.types.v1.StoredBatch;
import io.flotilla.proto.v1.Partition;
import io.flotilla.proto.v1.ProducerSession;
import io.flotilla.proto.v1.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the toy nodes share: topics, logs, producers, one leader for everything, and the faults to
 * come. Safe for many threads.
 */
public final class ToyCluster implements AutoCloseable {

  /** What happens to the next batch. */
  public sealed interface Fault {
    /** Refused, nothing written. */
    record Refuse(ErrorReason reason) implements Fault {}

    /**
     * Written, and refused with a reason that admits it, or the connection cut instead of an Ack.
     */
    record WriteAndCut() implements Fault {}

    record WriteAndSayUnknown() implements Fault {}

    /** Not written, no answer, connection cut. */
    record Cut() implements Fault {}

    /** Written, and never answered. */
    record Swallow() implements Fault {}
  }

  /** Answers come this much later, so that several batches are under way. */
  public volatile long answerDelayMs;

  public volatile int batchBytesMax = 1 << 20;
  public volatile int windowBatches = 64;
  public volatile boolean topicAutoCreate;
  public volatile Supplier<@Nullable Fault> chance = () -> null;

  final Map<String, Topic> topics = new ConcurrentHashMap<>();
  final Map<Long, List<ToyLog>> logs = new ConcurrentHashMap<>();
  final Map<String, ToyGroup> groups = new ConcurrentHashMap<>();
  final ScheduledExecutorService answers = Executors.newSingleThreadScheduledExecutor();
  private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final Map<String, ProducerSession> named = new ConcurrentHashMap<>();
  private final List<ToyNode> nodes = new ArrayList<>();
  private final AtomicLong nextTopic = new AtomicLong(1);
  private final AtomicLong nextProducer = new AtomicLong(1);
  private final AtomicInteger term = new AtomicInteger(1);
  public final AtomicInteger proxied = new AtomicInteger();
  public final AtomicInteger direct = new AtomicInteger();
  public final AtomicInteger commits = new AtomicInteger();
  public final AtomicInteger fetchRequests = new AtomicInteger();
  private volatile int leader = 1;

  public ToyCluster(int count) {
    for (int id = 1; id <= count; id++) {
      nodes.add(new ToyNode(this, id));
    }
  }

  public ToyNode node(int id) {
    return nodes.get(id - 1);
  }

  public String servers() {
    return String.join(",", nodes.stream().map(node -> "localhost:" + node.port()).toList());
  }

  public void lead(int id) {
    term.incrementAndGet();
    leader = id;
  }

  int leader() {
    return leader;
  }

  public void next(Fault... some) {
    faults.addAll(List.of(some));
  }

  @Nullable Fault fault() {
    Fault planned = faults.poll();
    return planned != null ? planned : chance.get();
  }

  public Topic create(String name, int partitions) {
    Topic topic =
        Topic.newBuilder()
            .setName(name)
            .setTopicId(nextTopic.getAndIncrement())
            .setPartitionCount(partitions)
            .setReplicationFactor(1)
            .setCreatedUnixMs(1_000)
            .build();
    List<ToyLog> fresh = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      fresh.add(new ToyLog());
    }
    logs.put(topic.getTopicId(), fresh);
    topics.put(name, topic);
    return topic;
  }

  public void delete(String name) {
    topics.remove(name);
  }

  Topic described(Topic topic) {
    Topic.Builder full = topic.toBuilder();
    for (int p = 0; p < topic.getPartitionCount(); p++) {
      full.addPartitions(
          Partition.newBuilder().setPartition(p).addReplicas(1).setLeader(leaderHint()));
    }
    return full.build();
  }

  LeaderHint leaderHint() {
    return LeaderHint.newBuilder()
        .setNodeId(leader)
        .setHost("localhost")
        .setPort(node(leader).port())
        .setTerm(term.get())
        .build();
  }

  ProducerSession open(String name) {
    if (name.isEmpty()) {
      return ProducerSession.newBuilder().setProducerId(nextProducer.getAndIncrement()).build();
    }
    return named.compute(
        name,
        (n, old) ->
            old == null
                ? ProducerSession.newBuilder().setProducerId(nextProducer.getAndIncrement()).build()
                : old.toBuilder().setEpoch(old.getEpoch() + 1).build());
  }

  List<ToyLog> logs(Topic topic) {
    return logs.getOrDefault(topic.getTopicId(), List.of());
  }

  @Nullable ToyLog log(String topic, int partition) {
    Topic known = topics.get(topic);
    return known == null || partition < 0 || partition >= known.getPartitionCount()
        ? null
        : logs(known).get(partition);
  }

  public List<StoredBatch> stored(String topic, int partition) {
    ToyLog log = log(topic, partition);
    return log == null ? List.of() : log.all();
  }

  public void trim(String topic, int partition, long before) {
    ToyLog log = log(topic, partition);
    if (log != null) {
      log.trim(before);
    }
  }

  public void damage(String topic, int partition, long offset) {
    ToyLog log = log(topic, partition);
    if (log != null) {
      log.damage(offset);
    }
  }

  ToyGroup group(String name) {
    return groups.computeIfAbsent(name, n -> new ToyGroup(this));
  }

  /** The members of a group, in the order in which they joined. */
  public List<String> members(String group) {
    return group(group).memberIds();
  }

  /** Throws a member out of its group. */
  public void expel(String group, String member) {
    group(group).remove(member, session -> session.end(ErrorReason.ERROR_REASON_MEMBER_FENCED));
  }

  /** What a group has committed in a partition; null: nothing. */
  public @Nullable Long committed(String group, String topic, int partition) {
    Topic known = topics.get(topic);
    return known == null
        ? null
        : group(group).committed.get(new ToyGroup.Part(topic, known.getTopicId(), partition));
  }

  @Override
  public void close() {
    nodes.forEach(ToyNode::stop);
    answers.shutdownNow();
  }
}
