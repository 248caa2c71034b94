package io.flotilla.cluster.harness;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;

/**
 * A network of its own for the nodes of a cluster: each in a network namespace, joined by a bridge
 * that stands in one more, so that no firewall rule of the machine matters; the test reaches them
 * from outside. What is cut here loses packets without a word, as cables do, while clients still
 * reach every node. Needs root. Confined to the test's thread, except {@link #close}, which the
 * shutdown hook calls, too.
 */
public final class NodeNetwork implements AutoCloseable {
  private static final Duration COMMAND_MAX = Duration.ofSeconds(20);
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final int OUTSIDE = 254;
  private static final int SECOND_OCTET_FIRST = 100;

  private final int nodes;
  private final String tag;
  private final String subnet;
  private boolean up; // guarded by this

  private NodeNetwork(int nodes) {
    long pid = ProcessHandle.current().pid();
    int count = COUNT.incrementAndGet() % OUTSIDE;
    this.nodes = nodes;
    this.tag = Long.toString(pid, Character.MAX_RADIX) + "x" + count;
    this.subnet = "10." + (SECOND_OCTET_FIRST + pid % SECOND_OCTET_FIRST) + "." + count + ".";
  }

  /** Skips the test, and says so, where such networks cannot be made. */
  public static void assumeAvailable() {
    String why = whyNot();
    if (!why.isEmpty()) {
      System.out.println("SKIPPED: a test needs network namespaces, which cannot be had: " + why);
    }
    Assumptions.assumeTrue(why.isEmpty(), why);
  }

  /** Why such networks cannot be made here; empty when they can. */
  static String whyNot() {
    try (NodeNetwork trial = create(2)) {
      trial.cut(1, 2);
      trial.heal();
      return "";
    } catch (AssertionError e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Makes one, whole. */
  public static NodeNetwork create(int nodes) {
    NodeNetwork network = new NodeNetwork(nodes);
    network.open();
    return network;
  }

  private synchronized void open() { // guards up
    up = true;
    String bridge = name(0);
    List<String> steps = new ArrayList<>();
    steps.add("ip netns add " + bridge);
    steps.add("ip -n " + bridge + " link add br0 type bridge");
    steps.add("ip -n " + bridge + " link set br0 up");
    steps.add("ip link add " + outside() + " type veth peer name r0 netns " + bridge);
    steps.add("ip -n " + bridge + " link set r0 master br0 up");
    steps.add("ip addr add " + subnet + OUTSIDE + "/24 dev " + outside());
    steps.add("ip link set " + outside() + " up");
    for (int node = 1; node <= nodes; node++) {
      String inside = name(node);
      String port = "p" + node;
      steps.add("ip netns add " + inside);
      steps.add("ip -n " + inside + " link add eth0 type veth peer name " + port);
      steps.add("ip -n " + inside + " link set " + port + " netns " + bridge);
      steps.add("ip -n " + bridge + " link set " + port + " master br0 up");
      steps.add("ip -n " + inside + " addr add " + host(node) + "/24 dev eth0");
      steps.add("ip -n " + inside + " link set eth0 up");
      steps.add("ip -n " + inside + " link set lo up");
    }
    try {
      demand(String.join(" && ", steps));
    } catch (AssertionError e) {
      close();
      throw e;
    }
  }

  /** The address of a node, from the test and from other nodes. */
  public String host(int node) {
    return subnet + node;
  }

  /** What stands before a command that is to run where a node runs. */
  public List<String> enter(int node) {
    return List.of("nsenter", "--net=/run/netns/" + name(node));
  }

  /** What one node sends no longer reaches the other; the way back is open. */
  public void cutOneWay(int from, int to) {
    demand("ip netns exec " + name(to) + " iptables -w -A INPUT -s " + host(from) + " -j DROP");
  }

  /** Two nodes no longer reach each other. */
  public void cut(int one, int other) {
    cutOneWay(one, other);
    cutOneWay(other, one);
  }

  /** A node no longer reaches any other node, nor they it; clients do. */
  public void isolate(int node) {
    others(node).forEach(other -> cut(node, other));
  }

  /** Nobody hears a node, and it hears everybody. */
  public void silence(int node) {
    others(node).forEach(other -> cutOneWay(node, other));
  }

  /** Ends all cuts. */
  public void heal() {
    String flush =
        IntStream.rangeClosed(1, nodes)
            .mapToObj(node -> "ip netns exec " + name(node) + " iptables -w -F INPUT")
            .reduce((a, b) -> a + " && " + b)
            .orElseThrow();
    demand(flush);
  }

  /** Packets from one node reach the other. */
  public boolean passes(int from, int to) {
    Script.Result ping =
        sh("ip netns exec " + name(from) + " ping -q -c 1 -W 1 " + host(to) + " >&2");
    return ping.exitCode() == 0;
  }

  private List<Integer> others(int node) {
    return IntStream.rangeClosed(1, nodes).filter(other -> other != node).boxed().toList();
  }

  private String name(int node) {
    return "flotilla-" + tag + "-" + (node == 0 ? "bridge" : node);
  }

  /** Of at most fifteen letters, the kernel's limit. */
  private String outside() {
    return "fl" + tag;
  }

  private static void demand(String command) {
    Script.Result result = sh(command);
    if (result.exitCode() != 0) {
      throw new AssertionError(command + ": " + result.output());
    }
  }

  private static Script.Result sh(String command) {
    return Script.in(Path.of("/")).run(COMMAND_MAX, "sh", "-c", command);
  }

  /** Processes that still run in it keep their namespace, without a way out, until they end. */
  @Override
  public synchronized void close() { // guards up
    if (up) {
      up = false;
      StringBuilder steps = new StringBuilder("ip link del " + outside() + " 2>&1;");
      IntStream.rangeClosed(0, nodes)
          .forEach(node -> steps.append(" ip netns del ").append(name(node)).append(" 2>&1;"));
      var unused = sh(steps + " true");
    }
  }
}
