package io.flotilla.cluster.workload;

import io.flotilla.cluster.check.Fact;
import io.flotilla.cluster.check.History;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.FetchOffsetsRequest;
import io.flotilla.proto.v1.ListOffsetsRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Everything that clients do, at once, at a pace that two cores carry: writers with the Java client
 * and on stock stubs, readers of all and of single partitions, a group whose members die and haunt,
 * an administrator, and somebody at each node who asks what must not go back. All of it is
 * remembered in one history. Confined to the test's thread, but for the clients' own.
 */
public final class FullLoad implements AutoCloseable {
  private static final int CLIENT_WRITERS = 2;
  private static final int STUB_WRITER = 10;
  private static final int PLAIN_WRITER = 20;
  private static final int MEMBERS = 3;
  private static final Duration SETTLE_MAX = Duration.ofSeconds(60);

  private final TestCluster cluster;
  private final Target target;
  private final String group;
  private final Workload workload;
  private final List<PartitionFollower> followers = new ArrayList<>();
  private final List<GroupMember> members = new ArrayList<>();
  private final List<Client> others = new ArrayList<>();
  private final TopicAdmin admin;

  private FullLoad(TestCluster cluster, Target target, Random random) {
    this.cluster = cluster;
    this.target = target;
    this.group = target.topic() + "-group";
    this.workload =
        Workload.start(
            cluster.servers(),
            target.topic(),
            CLIENT_WRITERS,
            Duration.ofMillis(target.pauseMillis()),
            random.nextLong());
    History history = workload.history();
    for (int i = 0; i < 2; i++) {
      others.add(stubWriter(STUB_WRITER + i, true, random));
      others.add(stubWriter(PLAIN_WRITER + i, false, random));
    }
    for (int partition = 0; partition < target.partitions(); partition++) {
      followers.add(new PartitionFollower(cluster, target, partition, random.nextLong(), history));
    }
    for (int number = 1; number <= MEMBERS; number++) {
      members.add(new GroupMember(cluster, target, group, number, random.nextLong(), history));
    }
    cluster.ids().forEach(node -> ask(node, random));
    admin = new TopicAdmin(cluster, target, random.nextLong(), history);
  }

  private void ask(int node, Random random) {
    for (int partition = 0; partition < target.partitions(); partition++) {
      for (Asker.Question question : Asker.Question.values()) {
        others.add(
            new Asker(
                cluster, question, target, group, node, partition, random.nextLong(), history()));
      }
    }
  }

  private StubWriter stubWriter(int id, boolean idempotent, Random random) {
    return new StubWriter(cluster, target, id, idempotent, random.nextLong(), workload.history());
  }

  /** Begins all of it on a topic, which must be there. */
  public static FullLoad start(TestCluster cluster, Target target, long seed) {
    FullLoad load = new FullLoad(cluster, target, new Random(seed));
    load.followers.forEach(Client::start);
    load.members.forEach(Client::start);
    load.others.forEach(Client::start);
    load.admin.start();
    return load;
  }

  /** Waits until this many more events of the Java client have been acknowledged. */
  public void awaitAcknowledged(int more, Duration atMost) {
    workload.awaitAcknowledged(more, atMost);
    demandWell();
  }

  /** What is recorded so far. */
  public History history() {
    return workload.history();
  }

  /** Notes a fault. */
  public void fault(String what) {
    System.out.println("  " + what);
    history().saw(new Fact.Fault(what, System.nanoTime()));
  }

  private void demandWell() {
    followers.forEach(Client::demandWell);
    members.forEach(Client::demandWell);
    others.forEach(Client::demandWell);
    admin.demandWell();
  }

  /**
   * Ends the load in a healed cluster: waits for every answer, until the readers have everything
   * and the group has processed it; records what every replica holds and every node knows.
   */
  public void finish() {
    others.forEach(Client::stop);
    workload.finish();
    admin.stop();
    admin.settle();
    cluster.awaitCaughtUp();
    List<Long> ends = ends();
    Await.until(
        "the followers have everything",
        SETTLE_MAX,
        () -> followers.stream().map(PartitionFollower::next).toList().equals(ends));
    demandWell();
    Await.until("the group has processed everything", SETTLE_MAX, () -> committed().equals(ends));
    members.forEach(Client::stop);
    followers.forEach(Client::stop);
    dump();
  }

  /**
   * Records what every replica holds, for a load that cannot be finished: what is written after a
   * replica was looked at would be missed in it.
   */
  public void breakOff() {
    others.forEach(Client::stop);
    workload.stopWriting();
    dump();
  }

  /** As soon as all hold the same. */
  private void dump() {
    cluster.awaitCaughtUp();
    ReplicaDump.record(cluster::wire, target.topic(), history());
  }

  private List<Long> ends() {
    return Await.value(
        "where the partitions end",
        SETTLE_MAX,
        () ->
            Optional.of(
                cluster
                    .anyWire()
                    .consumer()
                    .listOffsets(
                        ListOffsetsRequest.newBuilder()
                            .setTopic(target.topic())
                            .setPosition(Position.newBuilder().setFrom(StartFrom.START_FROM_LATEST))
                            .build())
                    .getOffsetsList()
                    .stream()
                    .map(offset -> offset.getOffset())
                    .collect(Collectors.toList())));
  }

  private List<Long> committed() {
    return cluster
        .anyWire()
        .offsets()
        .fetchOffsets(
            FetchOffsetsRequest.newBuilder()
                .setGroup(group)
                .setTopic(target.topic())
                .addAllPartitions(IntStream.range(0, target.partitions()).boxed().toList())
                .build())
        .getOffsetsList()
        .stream()
        .map(offset -> offset.getOffset())
        .collect(Collectors.toList());
  }

  @Override
  public void close() {
    workload.close();
    followers.forEach(Client::close);
    members.forEach(Client::close);
    others.forEach(Client::close);
    admin.close();
  }
}
