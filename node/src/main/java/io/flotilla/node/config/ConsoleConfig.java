package io.flotilla.node.config;

import java.util.List;

/**
 * The web console, which is served on the HTTP port. Keys {@code http.console.*}.
 *
 * @param enabled serve it; {@code http.console.enabled}. Default true
 * @param actions let it change things (create a topic, move a group, publish) also where {@code
 *     http.host} is an address that other machines reach; {@code http.console.actions}. On this
 *     machine's own address it always may. Default false: there are no identities yet, and whoever
 *     reaches the port could
 * @param hosts names by which browsers may call this node, beside localhost, any numeric address
 *     and the node's own name in {@code cluster.nodes}, such as that of an ingress; {@code
 *     http.console.hosts}, separated by commas. Default none. Other names are refused, since a
 *     strange site could point its own name here
 */
public record ConsoleConfig(boolean enabled, boolean actions, List<String> hosts) {

  public ConsoleConfig {
    hosts = List.copyOf(hosts);
  }

  public static ConsoleConfig defaults() {
    return new ConsoleConfig(true, false, List.of());
  }
}
