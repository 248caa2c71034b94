package io.flotilla.cli.local;

import io.flotilla.cli.output.Doc;

/** Where a node of a local cluster listens. */
@Doc("A node of a local cluster.")
public record NodePlace(
    @Doc("Its id.") int id,
    @Doc("The host, always loopback.") String host,
    @Doc("The port for clients.") int grpcPort,
    @Doc("The port for browsers and metrics; 0: none.") int httpPort,
    @Doc("The port for the other nodes.") int raftPort) {

  static final String LOOPBACK = "127.0.0.1";

  /** {@code host:port} for clients. */
  public String address() {
    return host + ":" + grpcPort;
  }

  /** Where a browser finds the node's console; empty: nowhere. */
  String console() {
    return httpPort == 0 ? "" : "http://" + host + ":" + httpPort + "/";
  }

  /** As a node's configuration names it. */
  String member() {
    return id + "@" + host + ":" + grpcPort + ":" + raftPort;
  }
}
