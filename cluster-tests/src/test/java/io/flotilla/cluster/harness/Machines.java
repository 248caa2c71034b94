package io.flotilla.cluster.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes of a cluster run on: their folder, and whatever of the machine is their own, so
 * that it can fail for one of them alone: network, disks, clocks. Confined to the test's thread,
 * except {@link #close}, which the shutdown hook calls, too.
 */
final class Machines implements AutoCloseable {
  private static final int CLIENT_PORT = 9095;
  private static final int RAFT_PORT = 9097;
  private static final String LOOPBACK = "127.0.0.1";

  private final Map<Integer, NodeProcess> nodes = new LinkedHashMap<>();
  private final Map<Integer, LoopDisk> disks = new LinkedHashMap<>();
  private final Map<Integer, FakeClock> clocks = new LinkedHashMap<>();
  private final Map<Integer, SlowDisk> slow = new LinkedHashMap<>();
  private final Path folder;
  private @Nullable NodeNetwork network;

  private Machines(Path folder) {
    this.folder = folder;
  }

  /**
   * What is asked for beyond processes on loopback.
   *
   * @param ownNetwork a network that can be cut
   * @param ownClocks clocks that can jump
   * @param diskBytes a disk of its own for each node of this size; 0 = the machine's
   * @param httpPorts where each node serves HTTP; none = where it does by default
   * @param extraYaml what stands behind the rest of each node's configuration
   * @param javaOptions more options for each node's Java
   */
  record Wanted(
      boolean ownNetwork,
      boolean ownClocks,
      long diskBytes,
      List<Integer> httpPorts,
      String extraYaml,
      List<String> javaOptions) {
    static final Wanted PLAIN = new Wanted(false, false, 0, List.of(), "", List.of());

    Wanted withNetwork() {
      return new Wanted(true, ownClocks, diskBytes, httpPorts, extraYaml, javaOptions);
    }

    Wanted withClocks() {
      return new Wanted(ownNetwork, true, diskBytes, httpPorts, extraYaml, javaOptions);
    }

    Wanted withDisks(long bytes) {
      return new Wanted(ownNetwork, ownClocks, bytes, httpPorts, extraYaml, javaOptions);
    }

    Wanted withHttp(List<Integer> ports) {
      return new Wanted(ownNetwork, ownClocks, diskBytes, ports, extraYaml, javaOptions);
    }

    /** What is to stand in a node's configuration. */
    private String yaml(int node) {
      return httpPorts.isEmpty()
          ? extraYaml
          : extraYaml + "http: {port: %d}\n".formatted(httpPorts.get(node - 1));
    }

    Wanted withYaml(String more) {
      return new Wanted(
          ownNetwork, ownClocks, diskBytes, httpPorts, extraYaml + more + "\n", javaOptions);
    }

    Wanted withJava(List<String> options) {
      return new Wanted(ownNetwork, ownClocks, diskBytes, httpPorts, extraYaml, options);
    }
  }

  /** Makes all that is wanted; skips the test, and says so, where this machine cannot. */
  static Machines prepare(int size, Wanted wanted) {
    if (wanted.diskBytes > 0) {
      LoopDisk.assumeAvailable();
    }
    if (wanted.ownNetwork) {
      NodeNetwork.assumeAvailable();
    }
    if (wanted.ownClocks) {
      FakeClock.assumeAvailable();
    }
    try {
      Machines machines = new Machines(Files.createTempDirectory("flotilla-test-"));
      machines.build(size, wanted);
      return machines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void build(int size, Wanted wanted) throws IOException {
    List<Integer> ports = ports(size, wanted.ownNetwork);
    network = wanted.ownNetwork ? NodeNetwork.create(size) : null;
    List<String> addresses = new ArrayList<>();
    for (int n = 1; n <= size; n++) {
      int client = ports.get(2 * n - 2);
      addresses.add(n + "@" + host(n) + ":" + client + ":" + ports.get(2 * n - 1));
      Path home = Files.createDirectories(folder.resolve("node-" + n));
      nodes.put(n, new NodeProcess(n, host(n), client, home, launch(n, home, wanted)));
    }
    for (NodeProcess node : nodes.values()) {
      node.configure(addresses, wanted.yaml(node.id()));
      if (wanted.diskBytes > 0) {
        disks.put(node.id(), LoopDisk.create(node.data(), wanted.diskBytes));
      }
    }
  }

  private static List<Integer> ports(int size, boolean ownNetwork) {
    if (!ownNetwork) {
      return FreePorts.take(2 * size);
    }
    List<Integer> ports = new ArrayList<>();
    for (int n = 1; n <= size; n++) {
      ports.addAll(List.of(CLIENT_PORT, RAFT_PORT));
    }
    return ports;
  }

  private NodeLaunch launch(int node, Path home, Wanted wanted) {
    NodeLaunch launch = NodeLaunch.PLAIN.with(wanted.javaOptions);
    if (network != null) {
      launch = launch.inside(network.enter(node));
    }
    if (wanted.ownClocks) {
      FakeClock clock = FakeClock.in(home);
      clocks.put(node, clock);
      launch = launch.with(clock.environment());
    }
    return launch;
  }

  private String host(int node) {
    return network == null ? LOOPBACK : network.host(node);
  }

  Collection<NodeProcess> nodes() {
    return nodes.values();
  }

  NodeProcess node(int node) {
    return demand(nodes.get(node), "no node " + node + " in " + nodes.keySet());
  }

  LoopDisk disk(int node) {
    return demand(disks.get(node), "node " + node + " has no disk of its own");
  }

  NodeNetwork network() {
    return demand(network, "the nodes have no network of their own");
  }

  void jumpClock(int node, Duration error) {
    demand(clocks.get(node), "node " + node + " has no clock of its own").isOffBy(error);
  }

  void slowDisk(int node, int writesPerSecond) {
    slow.put(node, SlowDisk.of(node(node), disk(node), writesPerSecond));
  }

  /** Deletes all of a node's data; a disk stays mounted. */
  void wipe(int node) {
    LoopDisk disk = disks.get(node);
    if (disk == null) {
      node(node).wipe();
    } else {
      if (node(node).isRunning()) {
        throw new IllegalStateException("node " + node + " runs: kill it first");
      }
      disk.wipe();
    }
  }

  /** Disks are fast, clocks right, and the network is whole. Nodes stay as they are. */
  void heal() {
    slow.values().forEach(SlowDisk::close);
    slow.clear();
    disks.values().forEach(LoopDisk::free);
    clocks.values().forEach(clock -> clock.isOffBy(Duration.ZERO));
    if (network != null) {
      network.heal();
    }
  }

  private static <T> T demand(@Nullable T found, String otherwise) {
    if (found == null) {
      throw new IllegalArgumentException(otherwise);
    }
    return found;
  }

  Path folder() {
    return folder;
  }

  /** SIGKILL to every node, before the first one is waited for. */
  void killAll() {
    nodes.values().stream().filter(NodeProcess::isRunning).forEach(NodeProcess::signalKill);
    nodes.values().forEach(NodeProcess::kill);
  }

  @Override
  public void close() {
    killAll();
    slow.values().forEach(SlowDisk::close);
    slow.clear();
    disks.values().forEach(LoopDisk::close);
    if (network != null) {
      network.close();
    }
  }
}
