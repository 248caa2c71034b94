package io.flotilla.node.store.rocks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether files of a folder can be written past the page cache (O_DIRECT). Stateless. */
final class DirectWrites {

  private static final Logger LOG = LoggerFactory.getLogger(DirectWrites.class);
  private static final String PROBE = "direct-write-probe";

  private DirectWrites() {}

  /** Tries it: what a file system says about itself is not to be relied on. */
  static boolean possibleIn(Path folder) {
    Path probe = folder.resolve(PROBE);
    try {
      int block = Math.toIntExact(Files.getFileStore(folder).getBlockSize());
      try (FileChannel channel =
          FileChannel.open(
              probe,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE,
              direct())) {
        ByteBuffer aligned = ByteBuffer.allocateDirect(2 * block).alignedSlice(block).limit(block);
        return channel.write(aligned) == block;
      }
    } catch (IOException | UnsupportedOperationException | ReflectiveOperationException e) {
      LOG.info("the store is written through the page cache, since {} takes no other", folder, e);
      return false;
    }
  }

  /** By its name: the compiler warns of this class, for it belongs to the JDK and not to Java. */
  private static OpenOption direct() throws ReflectiveOperationException {
    Object option =
        Class.forName("com.sun.nio.file.ExtendedOpenOption").getField("DIRECT").get(null);
    return (OpenOption) Objects.requireNonNull(option);
  }
}
