package io.flotilla.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.node.disk.DurableFiles;
import io.flotilla.node.model.NodeIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * identity.json in the data folder: who this node is and which cluster it belongs to. Written by
 * rename, with file and folder synced, so that a crash leaves the old one or the new one.
 */
final class IdentityFile {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int INCARNATION_BYTES = 4;

  private final Path dir;
  private final Path file;

  IdentityFile(Path dir) {
    this.dir = dir;
    this.file = dir.resolve("identity.json");
  }

  /** Reads the identity, or draws a new incarnation and writes it when the disk is new. */
  NodeIdentity open(int nodeId) {
    try {
      if (!Files.exists(file)) {
        NodeIdentity fresh = new NodeIdentity(nodeId, newIncarnation(), "", List.of());
        write(fresh);
        return fresh;
      }
      NodeIdentity identity = JSON.readValue(Files.readAllBytes(file), NodeIdentity.class);
      if (identity.nodeId() != nodeId) {
        throw new IllegalStateException(
            file
                + " belongs to node "
                + identity.nodeId()
                + ", but this node is configured as "
                + nodeId
                + ": correct node.id or node.dir");
      }
      return identity;
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read or written", e);
    }
  }

  static String newIncarnation() {
    byte[] incarnation = new byte[INCARNATION_BYTES];
    new SecureRandom().nextBytes(incarnation);
    return HexFormat.of().formatHex(incarnation);
  }

  void write(NodeIdentity identity) {
    try {
      Files.createDirectories(dir);
      byte[] bytes =
          JSON.writerWithDefaultPrettyPrinter()
              .writeValueAsBytes(
                  new Stored(
                      identity.nodeId(),
                      identity.incarnation(),
                      identity.clusterId(),
                      identity.founders()));
      DurableFiles.replace(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  /** The file's fields, and only those. */
  private record Stored(int nodeId, String incarnation, String clusterId, List<String> founders) {}
}
