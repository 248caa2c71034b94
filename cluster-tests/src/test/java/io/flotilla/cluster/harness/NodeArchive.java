package io.flotilla.cluster.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The class-data archive with which nodes start on less than half of the processor time, made once
 * a build and Java version by what the start script runs for it. Stateless; one thread at a time.
 */
final class NodeArchive {
  private static final Duration MAKE_MAX = Duration.ofMinutes(3);

  private NodeArchive() {}

  /** Java's flags for it. */
  static List<String> flags() {
    Path jar = NodeProcess.ownJar();
    Path archive = jar.resolveSibling("node-" + Runtime.version().feature() + ".jsa");
    try {
      boolean fresh =
          Files.exists(archive)
              && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0;
      if (!fresh) {
        make(archive);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto");
  }

  private static void make(Path archive) throws IOException {
    Files.deleteIfExists(archive);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:ArchiveClassesAtExit=" + archive);
    // As nodes are started, or Java says in each node's log that the two differ.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", NodeProcess.classPath(), "io.flotilla.node.ArchiveRun"));
    Script.Result made = Script.in(NodeProcess.lib()).run(MAKE_MAX, command.toArray(String[]::new));
    if (made.exitCode() != 0 || !Files.exists(archive)) {
      throw new AssertionError("no class-data archive of a node: " + made.output());
    }
  }
}
