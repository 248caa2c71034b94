package io.flotilla.cluster.workload;

import io.flotilla.cluster.check.Fact;
import io.flotilla.cluster.check.History;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.harness.Wire;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.DeleteTopicRequest;
import io.flotilla.proto.v1.DescribeClusterRequest;
import io.flotilla.proto.v1.DescribeTopicRequest;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * An administrator on the stock stub: creates and deletes topics of a few names in turn, each step
 * again until it is answered, and watches how new the nodes' metadata is. In the end it asks every
 * node for every name.
 */
final class TopicAdmin extends Client {
  private static final int NAMES = 4;
  private static final long RETRY_MS = 100;

  /** M1: by then every node of a healed cluster knows what was acknowledged about topics. */
  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(5);

  private final TestCluster cluster;
  private final String prefix;
  private final History history;
  private final Map<String, Long> there = new HashMap<>();
  private int steps;

  TopicAdmin(TestCluster cluster, Target target, long seed, History history) {
    super(cluster, "topic-admin", seed, 20 * target.pauseMillis());
    this.cluster = cluster;
    this.prefix = target.topic() + "-admin-";
    this.history = history;
  }

  @Override
  void step() {
    String topic = prefix + random.nextInt(NAMES);
    if (there.containsKey(topic)) {
      delete(topic);
      history.saw(new Fact.TopicStep(topic, 0, System.nanoTime()));
    } else {
      create(topic);
    }
    watch(1 + random.nextInt(nodes()));
  }

  private void create(String topic) {
    CreateTopicRequest request =
        CreateTopicRequest.newBuilder()
            .setTopic(topic)
            .setPartitions(1)
            .setRequestId(topic + "-" + steps++)
            .build();
    insist(
        () -> {
          long id = anyWire().admin().createTopic(request).getTopic().getTopicId();
          there.put(topic, id);
          history.saw(new Fact.TopicStep(topic, id, System.nanoTime()));
        });
  }

  private void delete(String topic) {
    insist(
        () -> {
          try {
            var unused =
                anyWire()
                    .admin()
                    .deleteTopic(DeleteTopicRequest.newBuilder().setTopic(topic).build());
          } catch (StatusRuntimeException e) {
            // An earlier attempt, whose answer was lost, has done it.
            if (Refusal.from(e).reason() != ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND) {
              throw e;
            }
          }
        });
    there.remove(topic);
  }

  /** Also past the stop: what was begun must be known to have been done. */
  private void insist(Runnable call) {
    for (int attempt = 0; attempt < 600; attempt++) {
      try {
        call.run();
        return;
      } catch (StatusRuntimeException e) {
        if (!isPassing(e)) {
          throw e;
        }
      }
      waitABit();
    }
    throw new AssertionError("no answer to an administrator within a minute");
  }

  private void waitABit() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MS));
  }

  private void watch(int node) {
    try {
      long pid = cluster.node(node).pid();
      long begin = System.nanoTime();
      long revision =
          wire(node)
              .cluster()
              .describeCluster(DescribeClusterRequest.getDefaultInstance())
              .getRevision();
      if (cluster.node(node).pid() == pid) {
        history.saw(new Fact.RevisionSeen(pid, revision, begin, System.nanoTime()));
      }
    } catch (StatusRuntimeException e) {
      if (!isPassing(e)) {
        throw e;
      }
    } catch (IllegalStateException e) {
      waitABit(); // The node does not run just now.
    }
  }

  /**
   * Asks each node for each name, again while it does not know the last answer but still may (M1);
   * then, untold, deletes what is left.
   */
  void settle() {
    List<String> names = IntStream.range(0, NAMES).mapToObj(n -> prefix + n).toList();
    long end = System.nanoTime() + KNOWN_WITHIN.toNanos();
    for (int node = 1; node <= nodes(); node++) {
      for (String name : names) {
        look(node, name, end);
      }
    }
    List.copyOf(there.keySet()).forEach(this::delete);
  }

  private void look(int node, String name, long end) {
    insist(
        () -> {
          long id = id(wire(node), name);
          while (id != there.getOrDefault(name, 0L) && System.nanoTime() < end) {
            waitABit();
            id = id(wire(node), name);
          }
          history.saw(new Fact.TopicSeen(node, name, id));
        });
  }

  private static long id(Wire wire, String topic) {
    try {
      return wire.admin()
          .describeTopic(DescribeTopicRequest.newBuilder().setTopic(topic).build())
          .getTopic()
          .getTopicId();
    } catch (StatusRuntimeException e) {
      if (Refusal.from(e).reason() != ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND) {
        throw e;
      }
      return 0;
    }
  }
}
