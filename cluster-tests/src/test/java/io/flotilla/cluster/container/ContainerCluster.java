package io.flotilla.cluster.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.Wire;
import io.flotilla.proto.internal.v1.HelloRequest;
import io.flotilla.proto.v1.DescribeClusterRequest;
import io.flotilla.proto.v1.Replica;
import io.flotilla.proto.v1.ReplicaRole;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/**
 * Three containers of the image, each as an operator would run it: read-only root, no capabilities,
 * a gibibyte of memory, a volume. They have fixed addresses in a network of their own, so that the
 * test and the nodes reach each other by the same ones (Linux only). Confined to the test's thread;
 * nothing outlives the JVM.
 */
final class ContainerCluster
    implements BeforeAllCallback, AfterTestExecutionCallback, AfterAllCallback {

  static final int SIZE = 3;

  /** Until a container is healthy, a leader elected, or a node whole, on a slow machine. */
  static final Duration SOON = Duration.ofMinutes(2);

  private static final String DATA = "/var/lib/flotilla";
  private static final long MEMORY = 1L << 30;
  private static final int STOP_SECONDS = 60;

  private final DockerClient docker = DockerClientFactory.lazyClient();
  private final String name = "flotilla-test-" + Long.toHexString(System.nanoTime());
  private final Map<Integer, String> containers = new LinkedHashMap<>();
  private final Map<Integer, Wire> wires = new LinkedHashMap<>();
  private final DockerNetwork network = new DockerNetwork(name);
  private int volumes;

  @Override
  public void beforeAll(ExtensionContext context) {
    DockerNetwork.assumeAvailable();
    Runtime.getRuntime().addShutdownHook(new Thread(this::remove, "containers-reaper"));
    network.create();
    IntStream.rangeClosed(1, SIZE).forEach(this::create);
    containers.keySet().forEach(this::start);
    awaitWhole();
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      containers.keySet().forEach(n -> System.out.printf("--- node %d%n%s%n", n, log(n)));
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    wires.values().forEach(Wire::close);
    remove();
  }

  private String address(int node) {
    return network.address(node);
  }

  /** All nodes, as a client is given them. */
  String servers() {
    return all(node -> address(node) + ":9095");
  }

  private static String all(java.util.function.IntFunction<String> each) {
    return IntStream.rangeClosed(1, SIZE).mapToObj(each).collect(Collectors.joining(","));
  }

  /** With a volume of its own, which is new. */
  private void create(int node) {
    String volume = name + "-" + ++volumes;
    HostConfig host =
        new HostConfig()
            .withNetworkMode(name)
            .withBinds(new Bind(volume, new Volume(DATA)))
            .withReadonlyRootfs(true)
            .withTmpFs(Map.of("/tmp", "exec,size=128m"))
            .withCapDrop(Capability.ALL)
            .withMemory(MEMORY);
    String id =
        docker
            .createContainerCmd(DockerNetwork.IMAGE)
            .withName(name + "-node-" + node + "-" + volumes)
            .withHostConfig(host)
            .withIpv4Address(address(node))
            .withEnv(
                "FLOTILLA_NODE_ID=" + node,
                "FLOTILLA_CLUSTER_NODES=" + all(n -> n + "@" + address(n) + ":9095:9097"))
            .exec()
            .getId();
    containers.put(node, id);
  }

  private String container(int node) {
    return Optional.ofNullable(containers.get(node)).orElseThrow();
  }

  /** Starts the node's container, again on the same volume if it had one. */
  void start(int node) {
    docker.startContainerCmd(container(node)).exec();
  }

  /** SIGKILL. */
  void kill(int node) {
    docker.killContainerCmd(container(node)).exec();
  }

  /** SIGTERM, and the time that a node takes to leave; answers its exit code. */
  long stop(int node) {
    docker.stopContainerCmd(container(node)).withTimeout(STOP_SECONDS).exec();
    return Optional.ofNullable(inspect(node).getState().getExitCodeLong()).orElse(-1L);
  }

  /** With version 1 of control groups, runc now and then cannot freeze a busy container at once. */
  void pause(int node) {
    Await.untilNone(
        "node " + node + " is paused",
        SOON,
        () -> {
          try {
            docker.pauseContainerCmd(container(node)).exec();
            return List.of();
          } catch (InternalServerErrorException e) {
            if (!String.valueOf(e.getMessage()).contains("unable to freeze")) {
              throw e;
            }
            return List.of(e.getMessage());
          }
        });
  }

  void resume(int node) {
    docker.unpauseContainerCmd(container(node)).exec();
  }

  /** Takes it out of the network: connections do not break, packets are lost. */
  void disconnect(int node) {
    docker
        .disconnectFromNetworkCmd()
        .withNetworkId(name)
        .withContainerId(container(node))
        .withForce(true)
        .exec();
  }

  /** Back in the network, under the same address. */
  void reconnect(int node) {
    docker
        .connectToNetworkCmd()
        .withNetworkId(name)
        .withContainerId(container(node))
        .withContainerNetwork(
            new ContainerNetwork()
                .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(address(node))))
        .exec();
  }

  /** Replaces a node that is down by a container with an empty volume. */
  void replace(int node) {
    docker.removeContainerCmd(container(node)).withForce(true).exec();
    create(node);
  }

  private InspectContainerResponse inspect(int node) {
    return docker.inspectContainerCmd(container(node)).exec();
  }

  /** By the image's own health check: the node serves. */
  void awaitHealthy(int node) {
    Await.untilNone(
        "node " + node + " is healthy",
        SOON,
        () -> {
          InspectContainerResponse.ContainerState state = inspect(node).getState();
          String status = state.getHealth() == null ? "none" : state.getHealth().getStatus();
          return "healthy".equals(status) ? List.of() : List.of(status + ": " + state.getStatus());
        });
  }

  /** Every node is healthy, and a member of all groups that it should be in. */
  void awaitWhole() {
    containers.keySet().forEach(this::awaitHealthy);
    Await.untilNone(
        "every node is let in everywhere",
        SOON,
        () ->
            containers.keySet().stream()
                .filter(node -> !wire(node).peers().hello(HELLO).getSettled())
                .map(node -> "node " + node)
                .toList());
  }

  private static final HelloRequest HELLO = HelloRequest.getDefaultInstance();

  /** The node's services, from a generated stub. */
  Wire wire(int node) {
    return wires.computeIfAbsent(node, n -> Wire.to(address(n), 9095));
  }

  /** Who leads a partition, asked of any node. */
  int awaitLeader(String topic, int partition) {
    return Await.value(
        "somebody leads " + topic + "-" + partition,
        SOON,
        () ->
            replicas(topic).stream()
                .filter(r -> r.getPartition() == partition)
                .filter(r -> r.getRole() == ReplicaRole.REPLICA_ROLE_LEADER)
                .max(Comparator.comparingLong(Replica::getTerm))
                .map(Replica::getNodeId));
  }

  /** All replicas of each partition end alike; for a topic to which nobody writes. */
  void awaitCaughtUp(String topic) {
    Await.until(
        "all replicas of " + topic + " have the same high watermark",
        SOON,
        () ->
            replicas(topic).stream()
                .collect(Collectors.groupingBy(Replica::getPartition))
                .values()
                .stream()
                .allMatch(ContainerCluster::alike));
  }

  private static boolean alike(List<Replica> replicas) {
    return replicas.size() == SIZE
        && replicas.stream().map(Replica::getHighWatermark).distinct().count() == 1;
  }

  private List<Replica> replicas(String topic) {
    DescribeClusterRequest request =
        DescribeClusterRequest.newBuilder().setIncludeReplicas(true).build();
    return wire(1).cluster().describeCluster(request).getReplicasList().stream()
        .filter(r -> r.getTopic().equals(topic))
        .toList();
  }

  /** Runs the command line in a node's container; answers what it prints, its exit code last. */
  String flotilla(int node, String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "flotilla";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    String exec =
        docker
            .execCreateCmd(container(node))
            .withCmd(command)
            .withAttachStdout(true)
            .withAttachStderr(true)
            .exec()
            .getId();
    StringBuilder output = new StringBuilder();
    read(output, docker.execStartCmd(exec)::exec);
    return output + "exit " + docker.inspectExecCmd(exec).exec().getExitCodeLong();
  }

  private String log(int node) {
    StringBuilder output = new StringBuilder();
    read(
        output,
        docker.logContainerCmd(container(node)).withStdOut(true).withStdErr(true).withTail(60)
            ::exec);
    return output.toString();
  }

  private static void read(
      StringBuilder output,
      java.util.function.Function<ResultCallback.Adapter<Frame>, ResultCallback.Adapter<Frame>>
          from) {
    try {
      from.apply(
              new ResultCallback.Adapter<>() {
                @Override
                public void onNext(Frame frame) {
                  output.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
                }
              })
          .awaitCompletion();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private synchronized void remove() {
    containers
        .values()
        .forEach(
            id -> docker.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec());
    containers.clear();
    IntStream.rangeClosed(1, volumes).forEach(n -> docker.removeVolumeCmd(name + "-" + n).exec());
    volumes = 0;
    network.remove();
  }
}
