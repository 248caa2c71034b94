package org.apache.ratis.server.raftlog.segmented;

import io.flotilla.node.disk.DurableFiles;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.apache.ratis.util.function.CheckedBiFunction;
import org.apache.ratis.util.function.CheckedConsumer;

/**
 * In the place of Ratis 3.3.0's class of this name, which never syncs the folder of a log file that
 * it creates: after a power cut a file full of acknowledged entries may be gone with its name. Here
 * the folder is synced when the file is created, before an entry is written. That covers the rename
 * of the file before, too: it precedes the creation in the same folder, and until then the last
 * file goes by its old name with all entries in it. RatisInPlace checks at each start that this
 * class is the one that is loaded.
 *
 * <p>Used by the log's one writing thread. After a failed write or sync every later one fails: the
 * kernel has forgotten what it could not write, and a second try would succeed without it.
 */
final class BufferedWriteChannel implements Closeable {

  private static final int LARGE_BYTES = 64 << 10;

  private final String name;
  private final FileChannel channel;
  private final ByteBuffer buffer;
  private boolean synced = true;
  private boolean broken;

  private BufferedWriteChannel(String name, FileChannel channel, ByteBuffer buffer) {
    this.name = name;
    this.channel = channel;
    this.buffer = buffer;
  }

  /** Opens the file behind its last byte, or empty and known to its folder. */
  static BufferedWriteChannel open(File file, boolean append, ByteBuffer buffer)
      throws IOException {
    FileChannel channel =
        FileChannel.open(
            file.toPath(),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      if (append) {
        channel.position(channel.size());
      } else {
        channel.truncate(0);
        DurableFiles.syncFolder(file.toPath().toAbsolutePath().getParent());
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return new BufferedWriteChannel(file.getName(), channel, buffer);
  }

  int writeBufferPosition() {
    return buffer.position();
  }

  /** Has so many bytes put into the buffer, whose content is written first when it is too full. */
  void writeToBuffer(int size, CheckedConsumer<ByteBuffer, IOException> put) throws IOException {
    if (size > buffer.capacity()) {
      throw new IOException(name + ": " + size + " bytes exceed the buffer's " + buffer.capacity());
    }
    if (size > buffer.remaining()) {
      writeBuffer();
    }
    int end = buffer.position() + size;
    put.accept(buffer);
    if (buffer.position() != end) {
      throw new IllegalStateException(name + ": ends at " + buffer.position() + " not " + end);
    }
  }

  /** Writes past the buffer, which must be empty. */
  void writeToChannel(ByteBuffer bytes) throws IOException {
    if (buffer.position() != 0) {
      throw new IllegalStateException(name + ": the buffer is not empty");
    }
    write(bytes);
  }

  private void writeBuffer() throws IOException {
    if (buffer.position() > 0) {
      buffer.flip();
      try {
        write(buffer);
      } finally {
        buffer.clear();
      }
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    synced = false;
    guarded(
        () -> {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  /**
   * Has the file grow by zeros when what the buffer holds and so many bytes more would not fit:
   * then not every sync of a few bytes also has to write down the file's new size. Large writes are
   * not worth it; for them the zeros would be nearly half of all that is written.
   */
  void preallocateIfNecessary(
      long size, CheckedBiFunction<FileChannel, Long, Long, IOException> grow) throws IOException {
    long outstanding = buffer.position() + size;
    if (outstanding < LARGE_BYTES && channel.position() + outstanding > channel.size()) {
      guarded(() -> grow.apply(channel, outstanding));
    }
  }

  /** Returns when the disk has everything. */
  void flush() throws IOException {
    writeBuffer();
    if (!synced) {
      guarded(() -> DurableFiles.sync(channel, false, name));
      synced = true;
    }
  }

  private void guarded(Step step) throws IOException {
    if (broken) {
      throw new IOException(name + ": an earlier write or sync failed");
    }
    broken = true;
    step.run();
    broken = false;
  }

  /** Acknowledged means synced: the settings that would lead here are off. */
  @SuppressWarnings("DoNotCallSuggester") // The library calls it, by its settings.
  CompletableFuture<Void> asyncFlush(ExecutorService executor) {
    throw new UnsupportedOperationException(name + ": is synced before it is acknowledged");
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** Cuts off what was allocated beyond the last entry. */
  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      try (channel) {
        channel.truncate(channel.position());
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private interface Step {
    void run() throws IOException;
  }
}
