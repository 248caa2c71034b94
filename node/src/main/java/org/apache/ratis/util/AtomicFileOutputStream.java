package org.apache.ratis.util;

import io.flotilla.node.disk.DurableFiles;
import java.io.File;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * In the place of Ratis 3.3.0's class of this name, which saves a replica's term and vote by a
 * rename that it never syncs: after a power cut the previous vote is back, and the replica may vote
 * twice in one term. Here the folder is synced before {@link #close} returns, so before the vote is
 * answered. RatisInPlace checks at each start that this class is the one that is loaded.
 *
 * <p>The file appears, or changes, when the stream is closed; never half of it.
 */
public final class AtomicFileOutputStream extends FilterOutputStream {

  public static final String TMP_EXTENSION = ".tmp";

  private final File target;
  private final File temporary;
  private final FileChannel channel;
  private boolean closed;

  public AtomicFileOutputStream(File target) throws IOException {
    this(target, getTemporaryFile(target));
  }

  public AtomicFileOutputStream(File target, File temporary) throws IOException {
    this(target, temporary, open(temporary));
  }

  private AtomicFileOutputStream(File target, File temporary, FileChannel channel) {
    super(Channels.newOutputStream(channel));
    this.target = target;
    this.temporary = temporary;
    this.channel = channel;
  }

  private static FileChannel open(File file) throws IOException {
    return FileChannel.open(
        file.toPath(),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  /** Where the content of a file is gathered until it is complete. */
  public static File getTemporaryFile(File target) {
    return new File(target.getParentFile(), target.getName() + TMP_EXTENSION);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  public boolean isClosed() {
    return closed;
  }

  /** Makes the content durable under its name, or throws and leaves the file as it was. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (channel) {
      DurableFiles.sync(channel, true, temporary.toString());
    } catch (IOException e) {
      Files.deleteIfExists(temporary.toPath());
      throw e;
    }
    boolean created = !target.exists();
    DurableFiles.rename(temporary.toPath(), target.toPath());
    if (created) {
      syncNewGroup();
    }
  }

  /** The first file of a group: also its two folders, {@code UUID/current}, are new. */
  private void syncNewGroup() throws IOException {
    Path folder = target.toPath().toAbsolutePath().getParent();
    for (int level = 0; level < 2 && folder.getParent() != null; level++) {
      folder = folder.getParent();
      DurableFiles.syncFolder(folder);
    }
  }

  /** Gives the content up; the file stays as it was. */
  public void abort() throws IOException {
    if (!closed) {
      closed = true;
      channel.close();
      Files.deleteIfExists(temporary.toPath());
    }
  }
}
