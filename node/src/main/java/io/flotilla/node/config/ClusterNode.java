package io.flotilla.node.config;

/**
 * A node as the configuration names it: {@code id@host:grpcPort:raftPort}.
 *
 * @param id 1 or more, unique
 * @param host where the others and the clients reach it
 * @param grpcPort its client port, 1 to 65535
 * @param raftPort its peer port, 1 to 65535
 */
public record ClusterNode(int id, String host, int grpcPort, int raftPort) {

  /** Parses the written form; throws IllegalArgumentException that says what is wrong with it. */
  public static ClusterNode parse(String text) {
    int at = text.indexOf('@');
    int raft = text.lastIndexOf(':');
    int grpc = raft < 1 ? -1 : text.lastIndexOf(':', raft - 1);
    if (at < 1 || grpc <= at + 1) {
      throw new IllegalArgumentException(
          "cluster.nodes: \"" + text + "\" is not of the form id@host:grpcPort:raftPort");
    }
    try {
      ClusterNode node =
          new ClusterNode(
              Integer.parseInt(text.substring(0, at).trim()),
              text.substring(at + 1, grpc),
              Integer.parseInt(text.substring(grpc + 1, raft)),
              Integer.parseInt(text.substring(raft + 1).trim()));
      if (node.id < 1 || !port(node.grpcPort) || !port(node.raftPort)) {
        throw new IllegalArgumentException(
            "cluster.nodes: \"" + text + "\": ids begin at 1, ports are 1 to 65535");
      }
      return node;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "cluster.nodes: \"" + text + "\": id and ports must be numbers", e);
    }
  }

  /** The written form. */
  @Override
  public String toString() {
    return id + "@" + host + ":" + grpcPort + ":" + raftPort;
  }

  private static boolean port(int port) {
    return port > 0 && port < 65536;
  }
}
