package io.flotilla.cluster.figures;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.v1.ConsumerGroup;
import io.flotilla.proto.v1.DescribeGroupRequest;
import io.flotilla.proto.v1.GroupState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Many members: a thousand in one group, then a thousand groups of two, each joining at once, at
 * rest, at work, and when the node is killed that coordinates. Members are stock stubs, all in this
 * process, so its own share of the machine counts against the figures.
 */
final class GroupFigures {
  private static final int MEMBERS = Integer.getInteger("figures.members", 1_000);
  private static final int PARTITIONS = 60;
  private static final int CHANNELS_A_NODE = 8;
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int REST_SECONDS = 20;
  private static final int WORK_SECONDS = 20;

  private final TestCluster cluster;
  private double idleBefore;

  GroupFigures(TestCluster cluster) {
    this.cluster = cluster;
  }

  void run() throws InterruptedException {
    cluster.createTopic("crowd", PARTITIONS);
    cluster.createTopic("pairs", 2);
    idleBefore = idle();
    say(
        "before: %d MiB resident a node, idle %.1f %% of a core a node",
        ProcessCost.residentMiB(pids()), 100 * idleBefore);
    measure("one group of " + MEMBERS, "crowd", MEMBERS, MEMBERS, 500);
    measure(MEMBERS + " groups of 2", "pairs", 2 * MEMBERS, 2, 2);
  }

  private void measure(String what, String topic, int count, int groupSize, int eventsASecond)
      throws InterruptedException {
    LoadMember.Totals totals = new LoadMember.Totals();
    List<ManagedChannel> channels = channels();
    List<LoadMember> members = new ArrayList<>();
    int groups = count / groupSize;
    int partitions = topic.equals("crowd") ? PARTITIONS : 2;
    double cpu = ProcessCost.cpuSeconds(pids());
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      String group = topic + "-" + i / groupSize;
      LoadMember member = new LoadMember(channels, i, group, topic, totals);
      members.add(member);
      member.open();
    }
    Await.until(what + " joined", SOON, () -> totals.joined.get() >= count);
    long joined = System.nanoTime();
    Await.until(
        what + " have their partitions",
        SOON,
        () ->
            totals.held.values().stream().mapToInt(Integer::intValue).sum() == groups * partitions
                && isStable(topic, groups));
    say(
        "%s: all joined after %.1f s, stable after %.1f s, %.1f CPU-s of three nodes, %d moves",
        what,
        seconds(begin, joined),
        seconds(begin, System.nanoTime()),
        ProcessCost.cpuSeconds(pids()) - cpu,
        totals.moved.get());
    double idle = idle();
    say(
        "%s, at rest: %d MiB a node, idle %.1f %% of a core a node = %.4f %% more a member",
        what, ProcessCost.residentMiB(pids()), 100 * idle, 100 * (idle - idleBefore) * 3 / count);
    work(what, topic, eventsASecond, totals);
    failOver(what, topic, count, totals);
    members.forEach(LoadMember::close);
    channels.forEach(ManagedChannel::shutdown);
  }

  private void work(String what, String topic, int eventsASecond, LoadMember.Totals totals)
      throws InterruptedException {
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers());
        Producer producer = client.producer()) {
      double cpu = ProcessCost.cpuSeconds(pids());
      long commits = totals.committed.get();
      long delivered = totals.delivered.get();
      long begin = System.nanoTime();
      for (int i = 0; i < WORK_SECONDS * 10; i++) {
        for (int j = 0; j < Math.max(1, eventsASecond / 10); j++) {
          var unused = producer.publish(topic, Event.of("key-" + (i * 31 + j), "value"));
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
      double seconds = seconds(begin, System.nanoTime());
      say(
          "%s, at work: %.0f events/s delivered, %.0f commits/s, %.0f %% of a core a node",
          what,
          (totals.delivered.get() - delivered) / seconds,
          (totals.committed.get() - commits) / seconds,
          100 * (ProcessCost.cpuSeconds(pids()) - cpu) / 3 / seconds);
    }
  }

  private void failOver(String what, String topic, int count, LoadMember.Totals totals) {
    int victim = describe(topic + "-0").getCoordinatorNode();
    long fenced = totals.fenced.get();
    long begin = System.nanoTime();
    cluster.kill(victim);
    Await.until(
        "members are served again",
        SOON,
        () -> {
          ConsumerGroup group = describe(topic + "-0");
          return group.getCoordinatorNode() != victim
              && group.getMembersList().stream()
                  .allMatch(member -> member.getNode() != 0 && member.getNode() != victim);
        });
    say(
        "%s, coordinator's node killed: every member is served again after %.1f s; "
            + "%d of %d expelled, %d streams broke",
        what,
        seconds(begin, System.nanoTime()),
        totals.fenced.get() - fenced,
        count,
        totals.broken.get());
    cluster.start(victim);
    cluster.awaitReady();
  }

  private boolean isStable(String topic, int groups) {
    return describe(topic + "-0").getState() == GroupState.GROUP_STATE_STABLE
        && describe(topic + "-" + (groups - 1)).getState() == GroupState.GROUP_STATE_STABLE;
  }

  private ConsumerGroup describe(String group) {
    return cluster
        .anyWire()
        .groups()
        .describeGroup(DescribeGroupRequest.newBuilder().setGroup(group).build())
        .getGroup();
  }

  private double idle() throws InterruptedException {
    double before = ProcessCost.cpuSeconds(pids());
    TimeUnit.SECONDS.sleep(REST_SECONDS);
    return (ProcessCost.cpuSeconds(pids()) - before) / 3 / REST_SECONDS;
  }

  private List<ManagedChannel> channels() {
    List<ManagedChannel> channels = new ArrayList<>();
    for (int i = 0; i < CHANNELS_A_NODE; i++) {
      cluster
          .ids()
          .forEach(
              node ->
                  channels.add(
                      Grpc.newChannelBuilder(
                              cluster.server(node), InsecureChannelCredentials.create())
                          .build()));
    }
    return channels;
  }

  private List<Long> pids() {
    return cluster
        .ids()
        .filter(n -> cluster.node(n).isRunning())
        .map(n -> cluster.node(n).pid())
        .toList();
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation is a library that nothing else needs.
  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
