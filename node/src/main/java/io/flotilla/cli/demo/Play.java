package io.flotilla.cli.demo;

import io.flotilla.cli.local.Await;
import io.flotilla.cli.local.ClusterFolder;
import io.flotilla.cli.local.LocalCluster;
import io.flotilla.cli.local.NodePlace;
import io.flotilla.cli.local.NodeProcess;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Text;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Leader;
import io.flotilla.client.NewTopic;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.Producer;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The acts of the demo, in order. Runs on the command's thread; publisher and reader have their
 * own. It shows what happens as it happens, in few lines.
 */
final class Play {

  private static final int PARTITIONS = 3;
  private static final int REPLICAS = 3;
  private static final int EVENTS_TOLD_AT_ONCE = 3;
  private static final Duration ACT = Duration.ofSeconds(3);
  private static final Duration ELECTION_LIMIT = Duration.ofSeconds(30);
  private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(2);
  private static final Duration LAST_EVENTS_LIMIT = Duration.ofSeconds(30);

  private final ClusterFolder folder;
  private final LocalCluster cluster;
  private final FlotillaClient client;
  private final Printer printer;
  private final Ledger ledger = new Ledger();
  private final AtomicInteger toTell = new AtomicInteger();
  private final long started = System.nanoTime();

  Play(ClusterFolder folder, LocalCluster cluster, FlotillaClient client, Printer printer) {
    this.folder = folder;
    this.cluster = cluster;
    this.client = client;
    this.printer = printer;
  }

  DemoAnswer run() throws Exception {
    startNodes();
    createTopic();
    try (Producer producer = client.producer();
        Subscriber subscriber = client.subscribe(fromTheBeginning())) {
      LiveReader reader = new LiveReader(subscriber, ledger, this::tell);
      reader.start();
      try (SteadyPublisher publisher = new SteadyPublisher(producer, ledger)) {
        stream(publisher);
      }
      say("the publisher has stopped; waiting for the last events");
      Await.until(
          "the subscriber has received everything",
          LAST_EVENTS_LIMIT,
          () -> ledger.missing() == 0 || reader.failed());
      reader.stop();
    }
    return ledger.judgement();
  }

  private void startNodes() throws Exception {
    say("starting three nodes as three processes in " + folder.path());
    for (NodePlace place : folder.nodes()) {
      NodeProcess node = cluster.start(place);
      say("  node " + place.id() + ": pid " + node.pid() + ", " + place.address());
    }
    ClusterDescription up = awaitReady();
    say("the cluster is ready; node " + up.metadataLeader() + " leads the metadata");
  }

  private ClusterDescription awaitReady() throws InterruptedException {
    try {
      return cluster.awaitReady(client, folder.nodes());
    } catch (RuntimeException e) {
      cluster.showLogs(printer.terminal());
      throw e;
    }
  }

  private void createTopic() {
    client
        .admin()
        .createTopic(NewTopic.of(Story.TOPIC, PARTITIONS).withReplicationFactor(REPLICAS));
    say("created topic notifications: 3 partitions, 3 replicas each");
  }

  private static SubscribeOptions fromTheBeginning() {
    return SubscribeOptions.builder().topic(Story.TOPIC).from(StartPosition.earliest()).build();
  }

  /** Publish, kill a leader, go on, start it again, wait until it caught up. */
  private void stream(SteadyPublisher publisher) throws Exception {
    toTell.set(EVENTS_TOLD_AT_ONCE);
    say("publishing 200 notifications a second; a subscriber follows:");
    int partition = publisher.start().get(ELECTION_LIMIT.toSeconds(), TimeUnit.SECONDS).partition();
    Await.pass(ACT);
    Leader before = leaderOf(partition);
    NodePlace victim = folder.node(before.nodeId());
    long acknowledgedBefore = ledger.acknowledgedEvents();
    say(
        "SIGKILL to node "
            + victim.id()
            + ", the leader of partition "
            + partition
            + ", after "
            + Text.count(acknowledgedBefore, "acknowledged event"));
    cluster.process(victim.id()).kill();
    awaitNewLeader(partition, before);
    toTell.set(EVENTS_TOLD_AT_ONCE);
    Await.pass(ACT);
    say(
        "two of three nodes went on: "
            + Text.count(ledger.acknowledgedEvents() - acknowledgedBefore)
            + " more events acknowledged since the kill");
    cluster.awaitEnded();
    NodeProcess again = cluster.start(victim);
    say("started node " + victim.id() + " again, pid " + again.pid() + "; publishing goes on");
    awaitCaughtUp(victim);
    toTell.set(EVENTS_TOLD_AT_ONCE);
    Await.pass(ACT);
    if (publisher.failed() > 0) {
      say("note: " + Text.count(publisher.failed(), "event") + " could not be published");
    }
  }

  private Leader leaderOf(int partition) {
    Leader leader = client.admin().describeTopic(Story.TOPIC).partitions().get(partition).leader();
    if (leader == null) {
      throw new IllegalStateException("partition " + partition + " has no leader");
    }
    return leader;
  }

  private void awaitNewLeader(int partition, Leader before) {
    long killed = System.nanoTime();
    Await.until(
        "partition " + partition + " has another leader",
        ELECTION_LIMIT,
        () -> {
          Leader now =
              client.admin().describeTopic(Story.TOPIC).partitions().get(partition).leader();
          if (now == null || now.nodeId() == before.nodeId()) {
            return false;
          }
          say(
              "node "
                  + now.nodeId()
                  + " leads partition "
                  + partition
                  + " now, in term "
                  + now.term()
                  + ", seen "
                  + Text.duration(since(killed))
                  + " after the kill");
          return true;
        });
  }

  private void awaitCaughtUp(NodePlace victim) {
    long restarted = System.nanoTime();
    Await.until(
        "node " + victim.id() + " has caught up", CATCH_UP_LIMIT, () -> caughtUp(victim.id()));
    say(
        "node "
            + victim.id()
            + " has caught up on all its replicas after "
            + Text.duration(since(restarted)));
  }

  /**
   * The node is up, and its replicas have all that the partitions held when the question was put.
   */
  private boolean caughtUp(int node) {
    Map<Integer, Long> ends = new HashMap<>();
    client
        .admin()
        .listOffsets(Story.TOPIC, StartPosition.latest())
        .forEach(end -> ends.put(end.partition(), end.offset()));
    ClusterDescription now = client.admin().describeCluster(true);
    boolean up =
        now.nodes().stream()
            .anyMatch(n -> n.nodeId() == node && n.state() == NodeDescription.State.UP);
    List<ReplicaDescription> replicas =
        now.replicas().stream().filter(replica -> replica.nodeId() == node).toList();
    return up
        && replicas.size() == PARTITIONS
        && replicas.stream()
            .allMatch(
                replica ->
                    replica.role() != ReplicaDescription.Role.UNKNOWN
                        && replica.highWatermark()
                            >= ends.getOrDefault(replica.partition(), Long.MAX_VALUE));
  }

  private void tell(ReceivedEvent event) {
    if (toTell.get() > 0 && toTell.getAndDecrement() > 0) {
      say("    " + event + "  " + Story.tell(event));
    }
  }

  private void say(String text) {
    String line = String.format(Locale.ROOT, "%5.1f s  %s", since(started).toMillis() / 1e3, text);
    if (printer.format().structured()) {
      printer.terminal().note(line);
    } else {
      printer.terminal().line(line);
      printer.terminal().flush();
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
