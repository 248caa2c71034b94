package io.flotilla.cluster.harness;

import io.flotilla.proto.v1.Node;
import io.flotilla.proto.v1.Replica;
import io.flotilla.proto.v1.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A cluster of real processes on loopback, and the verbs that hurt and heal it. Nodes are numbered
 * from 1. A whole test:
 *
 * <pre>{@code
 * class LeaderLossTest {
 *   @RegisterExtension static final TestCluster cluster = TestCluster.of(3);
 *
 *   @Test
 *   void eventsSurviveTheirLeader() {
 *     cluster.createTopic("orders", 3);
 *     ...                                          // publish through cluster.servers()
 *     int leader = cluster.awaitLeader("orders", 0);
 *     cluster.kill(leader);                        // SIGKILL; also terminate, pause, killAll
 *     int next = cluster.awaitLeader("orders", 0); // a living one
 *     ...                                          // what still works, what must not
 *     cluster.start(leader);                       // the same folder
 *     cluster.awaitCaughtUp();
 *     ...                                          // nothing acknowledged is missing
 *   }
 * }
 * }</pre>
 *
 * As a static extension it is started before the first test of the class and closed after the last
 * one. When a test fails it prints the topology and the last log lines of each node and keeps the
 * folder. No process outlives the JVM. Confined to the test's thread.
 */
public final class TestCluster
    implements BeforeAllCallback, AfterTestExecutionCallback, AfterAllCallback, AutoCloseable {
  private static final TestCluster SHARED = of(3);

  private final int size;
  private final Map<Integer, Wire> wires = new LinkedHashMap<>();
  private final Thread reaper = new Thread(this::reap, "cluster-reaper");
  private final ClusterView view = new ClusterView(this);
  private Machines.Wanted wanted = Machines.Wanted.PLAIN;
  private @Nullable Machines machines;
  private List<Integer> httpPorts = List.of();
  private boolean keepFolder;

  private TestCluster(int size) {
    this.size = size;
  }

  /** A cluster of {@code size} nodes, not yet started. */
  public static TestCluster of(int size) {
    return new TestCluster(size);
  }

  /** One cluster of three for all classes that break nothing; it lives until the last test. */
  public static TestCluster shared() {
    return SHARED;
  }

  /** Appends settings to each node's configuration. */
  public TestCluster with(String yaml) {
    wanted = wanted.withYaml(yaml);
    return this;
  }

  /** Gives each node a network address of its own; skips the test where that cannot be had. */
  public TestCluster onNetwork() {
    wanted = wanted.withNetwork();
    return this;
  }

  /** Gives each node a wall clock of its own; skips the test where that cannot be had. */
  public TestCluster withClocks() {
    wanted = wanted.withClocks();
    return this;
  }

  /** Runs each node's Java with these options, too. */
  public TestCluster withJava(List<String> options) {
    wanted = wanted.withJava(options);
    return this;
  }

  /** What it may take to form, elect, or catch up, if not two minutes for a slow machine. */
  public TestCluster settlingWithin(Duration atMost) {
    view.settleWithin(atMost);
    return this;
  }

  /** Gives each node an HTTP port. */
  public TestCluster withHttp() {
    httpPorts = FreePorts.take(size);
    wanted = wanted.withHttp(httpPorts);
    return this;
  }

  /** Gives each node a disk of its own for its data, of this size; skips the test where not. */
  public TestCluster onDisks(long bytes) {
    wanted = wanted.withDisks(bytes);
    return this;
  }

  /** Starts every node and waits until the cluster can be used. */
  public TestCluster start() {
    if (machines == null) {
      machines = Machines.prepare(size, wanted);
      Runtime.getRuntime().addShutdownHook(reaper);
    }
    nodes().forEach(NodeProcess::start);
    awaitReady();
    return this;
  }

  /** Starts one node on the folder that it had. */
  public void start(int node) {
    node(node).start();
  }

  /** SIGKILL. */
  public void kill(int node) {
    node(node).kill();
  }

  /** SIGKILL to every node, before the first one is waited for. */
  public void killAll() {
    machines().killAll();
  }

  /** SIGTERM; the node must end with exit code 0 within ten seconds. Answers how long it took. */
  public Duration terminate(int node) {
    return node(node).terminate(NodeProcess.TERMINATE_MAX);
  }

  /** SIGSTOP: the node keeps its connections and does nothing. */
  public void pause(int node) {
    node(node).pause();
  }

  /** SIGCONT. */
  public void resume(int node) {
    node(node).resume();
  }

  /** SIGKILL and start. */
  public void restart(int node) {
    kill(node);
    start(node);
  }

  /** Deletes everything that a node, which must not run, has on its disk. */
  public void wipe(int node) {
    machines().wipe(node);
  }

  /** Damages what a node, which must not run, has on its disk. */
  public void corrupt(int node, Corruption corruption) {
    node(node).corrupt(corruption);
  }

  /** Cuts a node off from all others, both ways. Clients still reach it. */
  public void isolate(int node) {
    network().isolate(node);
  }

  /** What the first sends no longer reaches the second; the way back is open. */
  public void cutOneWay(int from, int to) {
    network().cutOneWay(from, to);
  }

  /** Has a running node's disk take only so many writes a second. */
  public void slowDisk(int node, int writesPerSecond) {
    machines().slowDisk(node, writesPerSecond);
  }

  /** Fills a node's disk until not a byte more can be written. */
  public void fillDisk(int node) {
    disk(node).fillUp();
  }

  /** Sets a node's wall clock wrong by so much. */
  public void jumpClock(int node, Duration error) {
    machines().jumpClock(node, error);
  }

  /**
   * Cuts the power of these nodes at one moment: what their disks had not synced is lost. They are
   * down afterwards, and can be started.
   */
  public void losePower(Collection<Integer> which) {
    which.forEach(node -> disk(node).cutPower());
    which.forEach(node -> node(node).signalKill());
    which.forEach(this::kill);
    which.forEach(node -> disk(node).restorePower());
  }

  /** Ends what was done to network, disks and clocks. Nodes that are down or paused stay so. */
  public void heal() {
    machines().heal();
  }

  /** Creates a topic, replicated by default, unless it is there; waits until it has leaders. */
  public Topic createTopic(String topic, int partitions) {
    return view.createTopic(topic, partitions);
  }

  /** Waits until every running node sees every running node, and the metadata has a leader. */
  public void awaitReady() {
    view.awaitReady();
  }

  /** Waits until no replica is being rebuilt any more and all nodes vote for the metadata. */
  public void awaitWhole() {
    view.awaitWhole();
  }

  /** Waits until a responsive node leads the partition; answers its id. */
  public int awaitLeader(String topic, int partition) {
    return view.awaitLeader(topic, partition);
  }

  /** Waits until a responsive node leads the metadata; answers its id. */
  public int awaitMetadataLeader() {
    return view.awaitMetadataLeader();
  }

  /** The node that leads the partition in the highest term, or 0. */
  public int leaderOf(String topic, int partition) {
    return view.leaderOf(topic, partition);
  }

  /** Waits until all replicas of all partitions on running nodes have the same high watermark. */
  public void awaitCaughtUp() {
    view.awaitCaughtUp();
  }

  /** Every replica that a responsive node knows of. */
  public List<Replica> replicas() {
    return view.describe().getReplicasList();
  }

  /** Addresses of all nodes, for clients. */
  public String servers() {
    return ids().map(this::server).collect(Collectors.joining(","));
  }

  /** Address of one node. */
  public String server(int node) {
    return node(node).host() + ":" + node(node).clientPort();
  }

  /** Where a node answers HTTP, if it was told to. */
  public int httpPort(int node) {
    return httpPorts.get(node - 1);
  }

  /** Stock stubs connected to one node. */
  public Wire wire(int node) {
    return wires
        .computeIfAbsent(node, n -> Wire.to(node(n).host(), node(n).clientPort()))
        .refreshed();
  }

  /** Stock stubs connected to some responsive node. */
  public Wire anyWire() {
    return wire(responsive().findFirst().orElseThrow().id());
  }

  /** One node's process. */
  public NodeProcess node(int node) {
    return machines().node(node);
  }

  /** One node's own disk. */
  public LoopDisk disk(int node) {
    return machines().disk(node);
  }

  /** The nodes' own network. */
  public NodeNetwork network() {
    return machines().network();
  }

  /** The node as any node sees it: state, disk, leaders. */
  public Node describe(int node) {
    return view.describe().getNodesList().stream()
        .filter(n -> n.getNodeId() == node)
        .findFirst()
        .orElseThrow();
  }

  /** How many nodes it has, running or not. */
  public int size() {
    return size;
  }

  /** Node ids, 1 to size. */
  public Stream<Integer> ids() {
    return IntStream.rangeClosed(1, size).boxed();
  }

  Collection<NodeProcess> nodes() {
    return machines == null ? List.of() : machines.nodes();
  }

  Stream<NodeProcess> running() {
    return nodes().stream().filter(NodeProcess::isRunning);
  }

  Stream<NodeProcess> responsive() {
    return nodes().stream().filter(NodeProcess::isResponsive);
  }

  Path folder() {
    return machines().folder();
  }

  private Machines machines() {
    if (machines == null) {
      throw new IllegalStateException("the cluster was not started");
    }
    return machines;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (this != SHARED) {
      start();
    } else if (machines == null) {
      context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).put(this, this);
      start();
    }
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    context.getExecutionException().ifPresent(failure -> report(context.getDisplayName()));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (this != SHARED) {
      close();
    }
  }

  /** Prints what is known about the cluster, and keeps the folder. */
  public void report(String test) {
    keepFolder = true;
    Diagnosis.print(test, this);
  }

  @Override
  public void close() {
    wires.values().forEach(Wire::close);
    reap();
    Runtime.getRuntime().removeShutdownHook(reaper);
    if (machines != null && !keepFolder) {
      delete(machines.folder());
    }
  }

  private void reap() {
    if (machines != null) {
      machines.close();
    }
  }

  static void delete(Path root) {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
