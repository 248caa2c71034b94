package io.flotilla.cli.local;

import io.flotilla.cli.error.CliException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Chooses ports for nodes, and finds out whether they are free. Stateless. */
final class Ports {

  /** A node has ten ports: +0 for clients, +1 for HTTP, +2 for Raft; the rest is spare. */
  private static final int STRIDE = 10;

  private static final int HTTP = 1;
  private static final int RAFT = 2;

  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private Ports() {}

  /** Places for nodes from a base port on; base 0 takes any free ports. */
  static List<NodePlace> choose(int nodes, int base) {
    if (base == 0) {
      return free(nodes);
    }
    List<NodePlace> places = new ArrayList<>();
    for (int id = 1; id <= nodes; id++) {
      int first = base + STRIDE * (id - 1);
      places.add(new NodePlace(id, NodePlace.LOOPBACK, first, first + HTTP, first + RAFT));
    }
    return places;
  }

  /** Refuses when one of the ports of a node is in use. */
  static void demandFree(NodePlace place, String remedy) {
    demandFree(place, place.grpcPort(), remedy);
    demandFree(place, place.httpPort(), remedy);
    demandFree(place, place.raftPort(), remedy);
  }

  private static void demandFree(NodePlace place, int port, String remedy) {
    try (ServerSocket socket = bind(port)) {
      if (!socket.isBound()) {
        throw new IOException("not bound");
      }
    } catch (IOException taken) {
      throw CliException.local(
          "cannot start node " + place.id() + ": port " + port + " is taken",
          "another process listens at " + place.host() + ":" + port,
          remedy);
    }
  }

  /** Held open together, so that no port is given twice. */
  private static List<NodePlace> free(int nodes) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < 3 * nodes; i++) {
        held.add(bind(0));
      }
      List<NodePlace> places = new ArrayList<>();
      for (int id = 1; id <= nodes; id++) {
        int grpc = held.get(3 * id - 3).getLocalPort();
        int http = held.get(3 * id - 2).getLocalPort();
        int raft = held.get(3 * id - 1).getLocalPort();
        places.add(new NodePlace(id, NodePlace.LOOPBACK, grpc, http, raft));
      }
      return places;
    } catch (IOException e) {
      throw CliException.local(
          "cannot find free ports", "the system gave none: " + e.getMessage(), "try again");
    } finally {
      held.forEach(Ports::close);
    }
  }

  private static ServerSocket bind(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port));
    return socket;
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot give back port " + socket.getLocalPort(), e);
    }
  }
}
