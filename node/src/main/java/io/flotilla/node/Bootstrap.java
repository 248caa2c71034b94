package io.flotilla.node;

import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.model.NodeIdentity;
import io.flotilla.node.raft.GroupPeer;
import io.flotilla.node.router.PeerChannels;
import io.flotilla.proto.internal.v1.HelloRequest;
import io.flotilla.proto.internal.v1.HelloResponse;
import io.flotilla.proto.internal.v1.PeerServiceGrpc;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forms the cluster at its first start. Each bootstrap node asks all others who they are; when all
 * have answered, each computes the same founders and the same cluster id from the answers, and
 * writes them down before it does anything else. Blocks the starting thread.
 *
 * <p>A node whose disk is new, in a cluster that was formed without this disk, joins it under its
 * new incarnation, without a vote until it is let in. Most of the others must say so: one stray
 * node must not lead it into another cluster, nor may most nodes lose their disks unnoticed.
 */
final class Bootstrap {

  private static final Logger LOG = LoggerFactory.getLogger(Bootstrap.class);
  private static final long ASK_TIMEOUT_MS = 1_000;
  private static final long ASK_EVERY_MS = 200;
  private static final long SAY_EVERY_MS = 10_000;

  private final NodeIdentity self;
  private final List<ClusterNode> nodes;
  private final PeerChannels channels;

  Bootstrap(NodeIdentity self, List<ClusterNode> nodes, PeerChannels channels) {
    this.self = self;
    this.nodes = nodes;
    this.channels = channels;
  }

  /** The members to begin the metadata with; none when this node has to be let in. */
  static List<GroupPeer> founders(NodeIdentity self, List<ClusterNode> nodes) {
    return !self.founder()
        ? List.of()
        : self.founders().stream().map(peerId -> founder(peerId, nodes)).toList();
  }

  private static GroupPeer founder(String peerId, List<ClusterNode> nodes) {
    int id = NodeIdentity.nodeIdOf(peerId);
    return nodes.stream()
        .filter(node -> node.id() == id)
        .map(node -> new GroupPeer(peerId, node.host(), node.raftPort()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "cluster.nodes lacks node " + id + ", which founded this cluster"));
  }

  /** The identity with cluster id and founders. Waits until every bootstrap node has answered. */
  NodeIdentity form() throws InterruptedException {
    long saidAt = System.nanoTime();
    while (true) {
      List<Integer> silent = new ArrayList<>();
      List<HelloResponse> answers = askAll(silent);
      List<HelloResponse> formed =
          answers.stream().filter(answer -> !answer.getClusterId().isEmpty()).toList();
      NodeIdentity adopted = adopt(formed);
      if (adopted != null) {
        return adopted;
      }
      if (silent.isEmpty() && formed.isEmpty()) {
        return found(answers);
      }
      if (System.nanoTime() - saidAt > TimeUnit.MILLISECONDS.toNanos(SAY_EVERY_MS)) {
        saidAt = System.nanoTime();
        say(silent, formed);
      }
      TimeUnit.MILLISECONDS.sleep(ASK_EVERY_MS);
    }
  }

  /**
   * Waits until most of the other nodes answer as members of this node's cluster, and none of them
   * is being rebuilt itself: two at once could be all that a group has.
   */
  void awaitOthers() throws InterruptedException {
    long saidAt = System.nanoTime();
    while (true) {
      List<Integer> silent = new ArrayList<>();
      List<HelloResponse> answers = askAll(silent);
      long agree = answers.stream().filter(a -> a.getClusterId().equals(self.clusterId())).count();
      if (agree >= mostOthers() && answers.stream().allMatch(HelloResponse::getSettled)) {
        return;
      }
      if (System.nanoTime() - saidAt > TimeUnit.MILLISECONDS.toNanos(SAY_EVERY_MS)) {
        saidAt = System.nanoTime();
        LOG.warn(
            "waiting for most other nodes before anything is rebuilt, silent={} being rebuilt={}",
            silent,
            answers.stream().filter(a -> !a.getSettled()).map(HelloResponse::getNodeId).toList());
      }
      TimeUnit.MILLISECONDS.sleep(ASK_EVERY_MS);
    }
  }

  private int mostOthers() {
    return (nodes.size() - 1) / 2 + 1;
  }

  private List<HelloResponse> askAll(List<Integer> silent) {
    List<HelloResponse> answers = new ArrayList<>();
    for (ClusterNode node : nodes) {
      if (node.id() != self.nodeId()) {
        HelloResponse answer = ask(node);
        if (answer == null) {
          silent.add(node.id());
        } else {
          answers.add(answer);
        }
      }
    }
    return answers;
  }

  private @Nullable HelloResponse ask(ClusterNode node) {
    try {
      HelloResponse answer =
          PeerServiceGrpc.newBlockingStub(channels.to(node.host(), node.grpcPort()))
              .withDeadlineAfter(ASK_TIMEOUT_MS, TimeUnit.MILLISECONDS)
              .hello(
                  HelloRequest.newBuilder()
                      .setNodeId(self.nodeId())
                      .setIncarnation(self.incarnation())
                      .build());
      if (answer.getNodeId() != node.id()) {
        throw new IllegalStateException(
            "cluster.nodes: at "
                + node.host()
                + ":"
                + node.grpcPort()
                + " is node "
                + answer.getNodeId()
                + ", expected node "
                + node.id());
      }
      return answer;
    } catch (StatusRuntimeException e) {
      LOG.debug("node {} does not answer yet", node.id(), e);
      return null;
    }
  }

  private NodeIdentity found(List<HelloResponse> answers) {
    List<String> founders = new ArrayList<>();
    founders.add(self.peerId());
    answers.forEach(a -> founders.add(a.getNodeId() + "." + a.getIncarnation()));
    founders.sort(Comparator.comparingInt(NodeIdentity::nodeIdOf));
    UUID id = UUID.nameUUIDFromBytes(String.join(",", founders).getBytes(StandardCharsets.UTF_8));
    LOG.info("cluster formed cluster={} founders={}", id, founders);
    return new NodeIdentity(self.nodeId(), self.incarnation(), id.toString(), founders);
  }

  private static void say(List<Integer> silent, List<HelloResponse> formed) {
    if (formed.isEmpty()) {
      LOG.info("cluster is not formed yet, waiting for nodes={}", silent);
    } else {
      LOG.warn(
          "this disk is new to cluster={}; it joins when most other nodes confirm it,"
              + " confirmed by={} silent={}",
          formed.get(0).getClusterId(),
          formed.stream().map(HelloResponse::getNodeId).toList(),
          silent);
    }
  }

  /** The cluster that this node is a founder of, or that most others belong to; null = not yet. */
  private @Nullable NodeIdentity adopt(List<HelloResponse> formed) {
    for (HelloResponse answer : formed) {
      NodeIdentity identity = identity(answer);
      long agree =
          formed.stream().filter(a -> a.getClusterId().equals(answer.getClusterId())).count();
      if (identity.founder()) {
        LOG.info("cluster joined cluster={} founders={}", identity.clusterId(), founders(answer));
        return identity;
      }
      if (agree >= mostOthers()) {
        LOG.warn(
            "this disk is new: the node joins as a new member cluster={} peer={} founders={}",
            identity.clusterId(),
            identity.peerId(),
            founders(answer));
        return identity;
      }
    }
    return null;
  }

  private NodeIdentity identity(HelloResponse formed) {
    return new NodeIdentity(
        self.nodeId(), self.incarnation(), formed.getClusterId(), founders(formed));
  }

  private static List<String> founders(HelloResponse formed) {
    return List.copyOf(formed.getFoundersList());
  }
}
