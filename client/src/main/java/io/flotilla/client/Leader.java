package io.flotilla.client;

/**
 * The leader of a partition.
 *
 * @param nodeId its node id, at least 1
 * @param host host of its client port, as advertised
 * @param port its client port
 * @param term the Raft term in which it leads
 */
public record Leader(int nodeId, String host, int port, long term) {

  /** {@code host:port}. */
  public String address() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
