package io.flotilla.node.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/**
 * A file of bytes that mean nothing, deleted when the disk is nearly full so that the node can
 * still do what frees space. It is written in pieces, so that a starting node does not wait for it,
 * and with bytes that no file system can compress away. Confined to one thread.
 */
final class ReserveFile {

  private static final int PIECE = 4 << 20;

  private final Path file;
  private long size;

  /** A file of an earlier run is taken as it is. */
  ReserveFile(Path file) throws IOException {
    this.file = file;
    this.size = Files.exists(file) ? Files.size(file) : 0;
  }

  long size() {
    return size;
  }

  /** Makes it a piece longer, at most this long. Blocks until the disk has it. */
  void grow(long atMost) throws IOException {
    int bytes = (int) Math.min(PIECE, atMost - size);
    if (bytes <= 0) {
      return;
    }
    byte[] noise = new byte[bytes];
    new SplittableRandom(size).nextBytes(noise);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(noise);
      while (buffer.hasRemaining()) {
        size += out.write(buffer, size);
      }
      DurableFiles.sync(out, true, file.toString());
    }
  }

  /** Gives its space back. */
  void release() throws IOException {
    Files.deleteIfExists(file);
    size = 0;
  }
}
