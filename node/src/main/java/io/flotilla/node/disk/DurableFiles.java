package io.flotilla.node.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * Writes so that a power cut leaves the old or the new: a name belongs to its folder, and is as
 * durable as the folder is synced. Blocks until the disk has it; safe.
 */
public final class DurableFiles {

  /** One for the process, as the kernel's memory of what is not written yet is. */
  private static volatile BiConsumer<String, Throwable> syncFailure = (what, cause) -> {};

  private DurableFiles() {}

  /** Replaces or creates the file, through one of the same name with {@code .new} behind. */
  public static void replace(Path file, byte[] bytes) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
      sync(out, true, temporary.toString());
    }
    rename(temporary, file);
  }

  /** Renames within a folder; a file that has the name is replaced. */
  public static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncFolder(folder(to));
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
  }

  /** Makes the names in the folder durable: what was created, renamed and deleted in it. */
  public static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      sync(channel, true, folder.toString());
    }
  }

  /** What is done when a sync fails, before its caller hears of it: ends the process, as a rule. */
  public static void onSyncFailure(BiConsumer<String, Throwable> stop) {
    syncFailure = stop;
  }

  /**
   * Returns when the disk has the file. Never to be tried again after a failure: the kernel has
   * forgotten what it could not write, and a second try would succeed without it.
   *
   * @param metadata also the file's size and times, or what is in a folder
   */
  public static void sync(FileChannel channel, boolean metadata, String name) throws IOException {
    try {
      channel.force(metadata);
    } catch (ClosedChannelException e) {
      throw e; // The thread was interrupted while the node was closing; the disk said nothing.
    } catch (IOException e) {
      syncFailure.accept(name + " could not be synced to disk", e);
      throw e;
    }
  }
}
