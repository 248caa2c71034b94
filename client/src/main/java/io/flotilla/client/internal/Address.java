package io.flotilla.client.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Host and port of a server. Immutable.
 *
 * @param host a name or an IP address, IPv6 without brackets
 * @param port 1 to 65535
 */
public record Address(String host, int port) {

  /** Reads {@code host:port}, {@code [v6]:port}, several separated by commas. */
  public static List<Address> parseAll(String servers) {
    LinkedHashSet<Address> parsed = new LinkedHashSet<>();
    for (String part : servers.split(",", -1)) {
      parsed.add(parse(part.trim()));
    }
    return new ArrayList<>(parsed);
  }

  private static Address parse(String server) {
    int colon = server.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("a server is host:port, found \"" + server + "\"");
    }
    String host = server.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0 || host.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "a server is host:port (IPv6 in brackets, no scheme), found \"" + server + "\"");
    }
    int port;
    try {
      port = Integer.parseInt(server.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "a server is host:port, found \"" + server + "\" without a numeric port", e);
    }
    if (port < 1 || port > 65_535 || host.isEmpty()) {
      throw new IllegalArgumentException(
          "a server is host:port with a port from 1 to 65535, found \"" + server + "\"");
    }
    return new Address(host, port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
