package io.flotilla.cluster.sabotage;

import io.flotilla.cluster.harness.NodeProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import net.bytebuddy.agent.builder.AgentBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The test's side: makes the agent's jar, says which options a node's Java needs, and arms points.
 * Confined to the test's thread.
 */
public final class Saboteur {
  /** Relative to the folder in which the node runs, so that each has its own. */
  private static final Path ORDERS = Path.of("sabotage");

  private Saboteur() {}

  /** Options for nodes that can be made to die at a point. */
  public static List<String> options() {
    return List.of("-javaagent:" + jar() + "=" + ORDERS);
  }

  /** Options for nodes that break a promise. */
  public static List<String> options(Mutant mutant) {
    return List.of("-javaagent:" + jar() + "=" + ORDERS + "," + mutant);
  }

  /** Has a node die the nth time that it comes by the point. */
  public static void arm(NodeProcess node, FailPoint point, int pass) {
    try {
      Files.deleteIfExists(Sabotage.crossed(orders(node)));
      Path next = node.folder().resolve("sabotage.next");
      Files.writeString(next, point + " " + pass);
      Files.move(next, orders(node), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing happens to the node any more. */
  public static void disarm(NodeProcess node) {
    try {
      Files.deleteIfExists(orders(node));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The point at which the node died, since it was armed last; null when it did not. */
  public static @Nullable FailPoint crossed(NodeProcess node) {
    Path file = Sabotage.crossed(orders(node));
    try {
      return Files.exists(file) ? FailPoint.valueOf(Files.readString(file).strip()) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path orders(NodeProcess node) {
    return node.folder().resolve(ORDERS);
  }

  private static Path jar() {
    try {
      Path jar = Files.createTempFile("flotilla-sabotage-", ".jar");
      jar.toFile().deleteOnExit();
      Manifest manifest = new Manifest();
      Attributes main = manifest.getMainAttributes();
      main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
      main.putValue("Premain-Class", SabotageAgent.class.getName());
      main.putValue("Class-Path", place(AgentBuilder.class).toUri().toString());
      Path folder = Path.of(SabotageAgent.class.getPackageName().replace('.', '/'));
      try (OutputStream out = Files.newOutputStream(jar);
          JarOutputStream entries = new JarOutputStream(out, manifest);
          Stream<Path> classes = Files.list(place(SabotageAgent.class).resolve(folder))) {
        for (Path file : classes.sorted().toList()) {
          entries.putNextEntry(new JarEntry(folder + "/" + file.getFileName()));
          Files.copy(file, entries);
          entries.closeEntry();
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path place(Class<?> type) {
    return Path.of(
        java.net.URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }
}
