package io.flotilla.node;

import io.flotilla.console.Console;
import io.flotilla.console.ConsoleOptions;
import io.flotilla.node.config.HttpConfig;
import io.flotilla.node.config.NodeConfig;
import io.flotilla.node.grpc.admin.NodeFacts;
import io.flotilla.node.observe.LeaderChanges;
import io.flotilla.node.raft.RatisMetrics;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Makes a node's console as its configuration wants it. Stateless. */
final class Consoles {

  private static final String EVERY_ADDRESS = "0.0.0.0";

  private Consoles() {}

  /** The console; null where none is served. */
  static @Nullable Console of(NodeConfig config, IntSupplier grpcPort) {
    HttpConfig http = config.http();
    if (http.port() == 0 || !http.console().enabled()) {
      return null;
    }
    String host = config.grpc().host();
    String self = host.equals(EVERY_ADDRESS) ? "127.0.0.1" : host;
    List<String> names = new ArrayList<>(http.console().hosts());
    names.add(config.self().host());
    return new Console(
        new ConsoleOptions(
            config.id(),
            Version.get(),
            () -> self + ":" + grpcPort.getAsInt(),
            names,
            http.console().actions() || thisMachineAlone(http.host())));
  }

  /** What the other nodes are told, for their consoles. */
  static NodeFacts facts(NodeConfig config, LeaderChanges changes) {
    return new NodeFacts(
        address(config.http(), config.self().host()), RatisMetrics::elections, changes::takenHere);
  }

  /**
   * Where browsers find the console; empty where none is served.
   *
   * @param self the host by which the others know this node
   */
  static String address(HttpConfig http, String self) {
    if (http.port() == 0 || !http.console().enabled()) {
      return "";
    }
    boolean every = http.host().equals(EVERY_ADDRESS) || http.host().equals("::");
    String host = every ? self : http.host();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + http.port();
  }

  /** Only this machine reaches the address. */
  static boolean thisMachineAlone(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // Then listening there fails, and says why.
    }
  }
}
