package io.flotilla.node;

import io.flotilla.console.Console;
import io.flotilla.console.ConsoleOptions;
import io.flotilla.node.config.HttpConfig;
import io.flotilla.node.config.NodeConfig;
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

  /** Only this machine reaches the address. */
  static boolean thisMachineAlone(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // Then listening there fails, and says why.
    }
  }
}
