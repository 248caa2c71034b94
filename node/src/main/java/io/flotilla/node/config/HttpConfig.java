package io.flotilla.node.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Where this node answers HTTP: {@code /live}, {@code /ready}, {@code /metrics} and the console.
 * Keys {@code http.*}. Plain text, without identities: other machines reach it only where that is
 * wanted.
 *
 * @param host the address to listen on. Default 127.0.0.1, this machine alone
 * @param port the port, 1 to 65535; 0 = none. Default 0
 * @param console the web console on that port
 */
public record HttpConfig(String host, int port, ConsoleConfig console) {

  private static final int PORT_MAX = 65_535;

  public static HttpConfig defaults() {
    return new HttpConfig("127.0.0.1", 0, ConsoleConfig.defaults());
  }

  /** All faults at once; empty when there are none. */
  public List<String> validate() {
    List<String> faults = new ArrayList<>();
    if (port < 0 || port > PORT_MAX) {
      faults.add("http.port must be 0, for none, or 1 to " + PORT_MAX);
    }
    if (host.isEmpty()) {
      faults.add("http.host must not be empty");
    }
    return faults;
  }
}
