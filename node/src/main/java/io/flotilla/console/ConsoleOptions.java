package io.flotilla.console;

import java.util.List;
import java.util.function.Supplier;

/**
 * What a console is told.
 *
 * @param node the node that serves it
 * @param version of its software
 * @param server where that node answers clients, as {@code host:port}; asked for when first needed
 * @param hosts names by which browsers may call it, beside localhost and numeric addresses
 * @param actions whether it may change anything
 */
public record ConsoleOptions(
    int node, String version, Supplier<String> server, List<String> hosts, boolean actions) {

  public ConsoleOptions {
    hosts = List.copyOf(hosts);
  }
}
