package io.flotilla.cli.local;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How the Java of a node is started. The flags stand in {@code node.jvm}, which the start script
 * reads, too; FLOTILLA_JAVA_OPTS comes after them and wins. Stateless.
 */
final class NodeJvm {

  private static final String FLAGS = "/io/flotilla/cli/node.jvm";
  private static final String EXTRA = "FLOTILLA_JAVA_OPTS";
  private static final String MAIN = "io.flotilla.node.Main";

  /** From this version on Java warns of what RocksDB and Netty need, unless it is allowed. */
  private static final int WARNS_OF_UNSAFE = 24;

  private NodeJvm() {}

  static List<String> command(Path config, Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    if (Runtime.version().feature() >= WARNS_OF_UNSAFE) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    String extra = environment.getOrDefault(EXTRA, "").strip();
    if (!extra.isEmpty()) {
      command.addAll(Arrays.asList(extra.split("\\s+")));
    }
    String classPath = System.getProperty("java.class.path");
    Path archive = archive(classPath);
    if (Files.exists(archive)) {
      command.add("-XX:SharedArchiveFile=" + archive);
    }
    command.addAll(List.of("-cp", classPath, MAIN, "--config", config.toString()));
    return command;
  }

  /** Beside our jar, where a build with the start script puts it, one for each Java version. */
  private static Path archive(String classPath) {
    Path first = Path.of(classPath.split(File.pathSeparator, 2)[0]);
    return first.resolveSibling("node-" + Runtime.version().feature() + ".jsa");
  }

  /** The lines of the file without comments. */
  static List<String> flags() {
    try (InputStream in = NodeJvm.class.getResourceAsStream(FLAGS)) {
      if (in == null) {
        throw new IllegalStateException("missing from the class path: " + FLAGS);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
