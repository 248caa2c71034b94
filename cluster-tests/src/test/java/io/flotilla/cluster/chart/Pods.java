package io.flotilla.cluster.chart;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.flotilla.cluster.container.DockerNetwork;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;

/**
 * The pods of a rendered StatefulSet as containers: what its specification says of command,
 * environment, mounts, users, rights and memory is done as a kubelet would do it, as far as Docker
 * can. Names of pods are resolved as the headless service would. Confined to the test's thread.
 */
final class Pods implements AutoCloseable {
  private static final String RACK = "zone-a";
  private static final String DOMAIN = "." + Chart.NAMESPACE + ".svc";
  private static final int RUN_SECONDS_MAX = 180;

  private final DockerClient docker = DockerClientFactory.lazyClient();
  private final String name = "flotilla-pods-" + Long.toHexString(System.nanoTime());
  private final DockerNetwork network = new DockerNetwork(name);
  private final StatefulSet set;
  private final Path config;
  private final Map<Integer, String> containers = new LinkedHashMap<>();

  /** How a container that has run to its end ended. */
  record Ended(int exitCode, String output) {}

  /**
   * @param folder for the files of the ConfigMap
   */
  Pods(StatefulSet set, ConfigMap map, Path folder) throws IOException {
    this.set = set;
    this.config = folder;
    // As a kubelet's; the test's own may be for its user alone, and a node would not find the file.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (Map.Entry<String, String> file : map.getData().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    network.create();
  }

  private PodSpec pod() {
    return set.getSpec().getTemplate().getSpec();
  }

  private Container container() {
    return pod().getContainers().get(0);
  }

  String address(int node) {
    return network.address(node);
  }

  /** The pod with the ordinal before the node's number; its volume is new the first time. */
  void start(int node) {
    String id =
        containers.computeIfAbsent(
            node,
            number ->
                create(pod(), container(), binds(number), host(number))
                    .withName(name + "-" + number)
                    .withIpv4Address(network.address(number))
                    .withAliases(
                        host(number) + "." + set.getSpec().getServiceName() + DOMAIN,
                        set.getMetadata().getName() + DOMAIN) // The clients' service has its name.
                    .exec()
                    .getId());
    docker.startContainerCmd(id).exec();
  }

  /** What comes before a node in its pod, to its end. */
  Ended runInit(int node) {
    Container check = pod().getInitContainers().get(0);
    return run(create(pod(), check, config(check), host(node)));
  }

  /** A pod that ends by itself, beside the nodes. */
  Ended run(Pod other) {
    Container only = other.getSpec().getContainers().get(0);
    return run(create(other.getSpec(), only, List.of(), other.getMetadata().getName()));
  }

  private Ended run(CreateContainerCmd command) {
    String id = command.exec().getId();
    try {
      docker.startContainerCmd(id).exec();
      int exitCode =
          docker
              .waitContainerCmd(id)
              .exec(new WaitContainerResultCallback())
              .awaitStatusCode(RUN_SECONDS_MAX, TimeUnit.SECONDS);
      return new Ended(exitCode, output(id));
    } finally {
      docker.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
    }
  }

  private String host(int node) {
    return set.getMetadata().getName() + "-" + (node - 1);
  }

  private CreateContainerCmd create(
      PodSpec pod, Container container, List<Bind> binds, String host) {
    SecurityContext rights = container.getSecurityContext();
    HostConfig options =
        new HostConfig()
            .withNetworkMode(name)
            .withBinds(binds)
            .withTmpFs(temporary(pod, container))
            .withReadonlyRootfs(rights.getReadOnlyRootFilesystem())
            .withCapDrop(
                rights.getCapabilities().getDrop().stream()
                    .map(Capability::valueOf)
                    .toArray(Capability[]::new))
            .withSecurityOpts(List.of("no-new-privileges"))
            .withMemory(memory(container));
    CreateContainerCmd command =
        docker
            .createContainerCmd(DockerNetwork.IMAGE)
            .withHostName(host)
            .withUser(
                pod.getSecurityContext().getRunAsUser()
                    + ":"
                    + pod.getSecurityContext().getRunAsGroup())
            .withHostConfig(options)
            .withEnv(container.getEnv().stream().map(Pods::variable).toList())
            .withCmd(container.getArgs());
    return container.getCommand().isEmpty()
        ? command
        : command.withEntrypoint(container.getCommand());
  }

  /** The only field that the chart asks for is the label of the zone. */
  private static String variable(EnvVar variable) {
    return variable.getName() + "=" + Optional.ofNullable(variable.getValue()).orElse(RACK);
  }

  private List<Bind> binds(int node) {
    List<Bind> binds = new ArrayList<>(config(container()));
    for (VolumeMount mount : container().getVolumeMounts()) {
      if (set.getSpec().getVolumeClaimTemplates().stream()
          .anyMatch(claim -> claim.getMetadata().getName().equals(mount.getName()))) {
        binds.add(
            new Bind(name + "-" + mount.getName() + "-" + node, new Volume(mount.getMountPath())));
      }
    }
    return binds;
  }

  private List<Bind> config(Container container) {
    return container.getVolumeMounts().stream()
        .filter(this::isConfig)
        .map(mount -> new Bind(config.toString(), new Volume(mount.getMountPath()), AccessMode.ro))
        .toList();
  }

  private boolean isConfig(VolumeMount mount) {
    return pod().getVolumes().stream()
        .anyMatch(v -> v.getName().equals(mount.getName()) && v.getConfigMap() != null);
  }

  private static Map<String, String> temporary(PodSpec pod, Container container) {
    Map<String, String> folders = new LinkedHashMap<>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      pod.getVolumes().stream()
          .filter(v -> v.getName().equals(mount.getName()) && v.getEmptyDir() != null)
          .map(v -> Quantity.getAmountInBytes(v.getEmptyDir().getSizeLimit()))
          .forEach(bytes -> folders.put(mount.getMountPath(), "exec,size=" + bytes));
    }
    return folders;
  }

  private static long memory(Container container) {
    return Quantity.getAmountInBytes(container.getResources().getLimits().get("memory"))
        .longValueExact();
  }

  /** What the kubelet would find: whether the probe's address answers as one that is well. */
  boolean passes(int node, Probe probe) throws IOException {
    String port = probe.getHttpGet().getPort().getStrVal();
    int number =
        container().getPorts().stream()
            .filter(p -> p.getName().equals(port))
            .findFirst()
            .orElseThrow()
            .getContainerPort();
    URI uri = URI.create("http://" + address(node) + ":" + number + probe.getHttpGet().getPath());
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout(probe.getTimeoutSeconds() == null ? 1_000 : 5_000);
    connection.setReadTimeout(connection.getConnectTimeout());
    int status = connection.getResponseCode();
    return status >= HttpURLConnection.HTTP_OK && status < HttpURLConnection.HTTP_BAD_REQUEST;
  }

  /** What is run before SIGTERM, until it has ended; answers its exit code. */
  long preStop(int node) throws InterruptedException {
    List<String> command = container().getLifecycle().getPreStop().getExec().getCommand();
    String exec =
        docker
            .execCreateCmd(containers.get(node))
            .withCmd(command.toArray(String[]::new))
            .withAttachStdout(true) // Or it is not waited for.
            .exec()
            .getId();
    docker.execStartCmd(exec).exec(new ResultCallback.Adapter<Frame>()).awaitCompletion();
    return docker.inspectExecCmd(exec).exec().getExitCodeLong();
  }

  /** SIGTERM, and the pod's grace; answers the exit code, 137 if the grace did not do. */
  long stop(int node) {
    String id = containers.get(node);
    docker
        .stopContainerCmd(id)
        .withTimeout(pod().getTerminationGracePeriodSeconds().intValue())
        .exec();
    return docker.inspectContainerCmd(id).exec().getState().getExitCodeLong();
  }

  String log(int node) {
    return output(Objects.requireNonNull(containers.get(node)));
  }

  private String output(String id) {
    StringBuilder output = new StringBuilder();
    ResultCallback.Adapter<Frame> frames =
        new ResultCallback.Adapter<>() {
          @Override
          public void onNext(Frame frame) {
            output.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
          }
        };
    docker.logContainerCmd(id).withStdOut(true).withStdErr(true).withTail(60).exec(frames);
    try {
      frames.awaitCompletion();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading what " + id + " said", e);
    }
    return output.toString();
  }

  @Override
  public void close() {
    containers.forEach(
        (node, id) -> {
          docker.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
          set.getSpec()
              .getVolumeClaimTemplates()
              .forEach(
                  claim ->
                      docker
                          .removeVolumeCmd(name + "-" + claim.getMetadata().getName() + "-" + node)
                          .exec());
        });
    network.remove();
  }
}
