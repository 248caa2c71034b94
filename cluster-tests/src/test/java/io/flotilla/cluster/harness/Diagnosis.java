package io.flotilla.cluster.harness;

import io.flotilla.proto.v1.DescribeClusterRequest;
import io.flotilla.proto.v1.DescribeClusterResponse;
import io.flotilla.proto.v1.Replica;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What to print when a test on a cluster failed: who led what in which term, how far each replica
 * was, and the end of each node's log. Must never fail itself because a node does not answer.
 */
final class Diagnosis {
  private static final int LOG_LINES = 50;

  private Diagnosis() {}

  static void print(String test, TestCluster cluster) {
    StringBuilder out = new StringBuilder("\n=== " + test + " failed; the cluster:\n");
    for (NodeProcess node : cluster.nodes()) {
      out.append("--- node ").append(node.id()).append(' ').append(life(node)).append('\n');
      if (node.isResponsive()) {
        topology(cluster.wire(node.id()), out);
      }
    }
    cluster.nodes().forEach(node -> log(node, out));
    out.append("=== everything is kept in ").append(cluster.folder()).append('\n');
    System.out.print(out);
  }

  private static String life(NodeProcess node) {
    if (!node.isRunning()) {
      return "not running";
    }
    return "pid " + node.pid() + (node.isResponsive() ? "" : ", paused");
  }

  private static void topology(Wire wire, StringBuilder out) {
    try {
      DescribeClusterResponse picture =
          wire.cluster()
              .describeCluster(
                  DescribeClusterRequest.newBuilder().setIncludeReplicas(true).build());
      out.append(
          "    metadata leader=%d term=%d revision=%d%n"
              .formatted(
                  picture.getMetadataLeader(), picture.getMetadataTerm(), picture.getRevision()));
      picture.getReplicasList().forEach(replica -> out.append(line(replica)));
    } catch (StatusRuntimeException e) {
      out.append("    does not describe the cluster: ").append(e.getStatus()).append('\n');
    }
  }

  private static String line(Replica replica) {
    return "    %s-%d@n%d %s term=%d applied=%d high-watermark=%d%n"
        .formatted(
            replica.getTopic(),
            replica.getPartition(),
            replica.getNodeId(),
            replica.getRole().name().replace("REPLICA_ROLE_", ""),
            replica.getTerm(),
            replica.getAppliedIndex(),
            replica.getHighWatermark());
  }

  private static void log(NodeProcess node, StringBuilder out) {
    out.append("--- last lines of ").append(node.log()).append('\n');
    try {
      node.lastLogLines(LOG_LINES).forEach(line -> out.append("    ").append(line).append('\n'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
