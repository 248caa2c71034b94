package io.flotilla.console.page;

import io.flotilla.client.Admin;
import io.flotilla.client.Assignor;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupPartitionDescription;
import io.flotilla.client.GroupPartitionDescription.Progress;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.NodeDescription.DiskState;
import io.flotilla.client.NodeDescription.Doings;
import io.flotilla.client.NodeDescription.Load;
import io.flotilla.client.NodeDescription.State;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaDescription.Role;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.client.TopicSettings;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A cluster that is only told of, as large as one likes: three nodes, each with a replica. */
final class Seen {

  static final int NODES = 3;
  static final int GROUPS = 20;

  private static final Load LIGHT =
      new Load(Duration.ZERO, 10, 10_000, 50_000, 300, 65_536, new Doings(12, 7, "127.0.0.1:9096"));

  private final int topics;
  private final int partitions;
  private final int down;
  private final ClusterDescription cluster;

  /**
   * @param down a node that does not answer; 0 = all do
   */
  Seen(int topics, int partitions, int down) {
    this.topics = topics;
    this.partitions = partitions;
    this.down = down;
    cluster = cluster();
  }

  static String topic(int number) {
    return String.format(Locale.ROOT, "department-%03d.orders-of-the-day", number);
  }

  static String group(int number) {
    return "billing-of-department-" + number;
  }

  private ClusterDescription cluster() {
    List<ReplicaDescription> replicas = new ArrayList<>();
    for (int topic = 0; topic < topics; topic++) {
      for (int partition = 0; partition < partitions; partition++) {
        for (int node = 1; node <= NODES; node++) {
          boolean leads = node == 1 + partition % NODES;
          Role role = node == down ? Role.UNKNOWN : leads ? Role.LEADER : Role.FOLLOWER;
          long end = 1_000_000L + topic;
          replicas.add(
              new ReplicaDescription(topic(topic), partition, node, role, 4, 0, end, 0, end));
        }
      }
    }
    return new ClusterDescription(
        "cluster",
        1,
        IntStream.rangeClosed(1, NODES)
            .mapToObj(id -> node(id, id == down ? null : LIGHT))
            .toList(),
        1,
        2,
        topics,
        topics * partitions,
        replicas,
        1,
        false,
        List.of(1, 2, 3),
        Instant.EPOCH);
  }

  static NodeDescription node(int id, @Nullable Load load) {
    return new NodeDescription(
        id,
        "node-" + id,
        9095,
        load == null ? State.UNREACHABLE : State.UP,
        "i",
        "1",
        "rack-" + id,
        1,
        1,
        load == null ? DiskState.UNKNOWN : DiskState.NORMAL,
        load == null ? 0 : 50,
        load == null ? 0 : 100,
        load,
        null);
  }

  private List<TopicDescription> topics() {
    return IntStream.range(0, topics)
        .mapToObj(
            number ->
                new TopicDescription(
                    topic(number),
                    number + 1,
                    partitions,
                    NODES,
                    Instant.EPOCH,
                    List.of(),
                    TopicSettings.NONE,
                    TopicSettings.NONE))
        .toList();
  }

  private GroupDescription group(String name, boolean whole) {
    var behind = new Progress(0, 9, 9, Duration.ofHours(1), Instant.EPOCH, 1, 1, null, true);
    return new GroupDescription(
        name,
        GroupDescription.State.STABLE,
        1,
        Assignor.STICKY,
        1,
        Instant.EPOCH,
        1,
        List.of(),
        !whole
            ? List.of()
            : IntStream.range(0, partitions)
                .mapToObj(
                    number ->
                        new GroupPartitionDescription(
                            new TopicPartition(topic(0), number),
                            "member-of-that-group-" + number,
                            0L,
                            Instant.EPOCH,
                            behind,
                            null))
                .toList(),
        List.of());
  }

  /** Answers what the console asks; anything else is a fault of the test. */
  Admin admin() {
    return (Admin)
        Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (proxy, method, with) ->
                switch (method.getName()) {
                  case "describeCluster" -> cluster;
                  case "listTopics" -> topics();
                  case "listGroups" ->
                      IntStream.range(0, GROUPS).mapToObj(n -> group(group(n), false)).toList();
                  case "describeGroup" -> group((String) with[0], true);
                  default -> throw new UnsupportedOperationException(method.toString());
                });
  }
}
