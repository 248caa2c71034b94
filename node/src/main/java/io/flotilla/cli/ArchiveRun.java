package io.flotilla.cli;

import io.flotilla.cli.output.Terminal;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * What the start script runs once a build to learn which classes commands need, for Java's
 * class-data archive. Shows nothing, changes nothing, and needs no cluster: it asks a port where
 * nobody listens.
 */
final class ArchiveRun {

  private static final String NOBODY = "127.0.0.1:1";

  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("--help"),
          List.of("version", "-o", "json"),
          List.of("topic", "create", "--help"),
          List.of("topic", "list", "-s", NOBODY, "--timeout", "500ms"),
          List.of("cluster", "describe", "-s", NOBODY, "--timeout", "500ms", "-o", "json"),
          List.of("publish", "orders", "--value", "x", "-s", NOBODY, "--timeout", "500ms"),
          List.of("subscribe", "orders", "-s", NOBODY, "--timeout", "500ms"),
          List.of("search", "orders", "--key", "x", "-s", NOBODY, "--timeout", "500ms"),
          List.of("top", "-s", NOBODY, "--timeout", "500ms"));

  private ArchiveRun() {}

  public static void main(String[] ignored) {
    Terminal nowhere =
        new Terminal(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            "",
            Map.of());
    for (List<String> command : COMMANDS) {
      Main.run(command.toArray(String[]::new), nowhere);
    }
  }
}
