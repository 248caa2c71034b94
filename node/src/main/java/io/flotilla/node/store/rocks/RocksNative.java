package io.flotilla.node.store.rocks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;

/**
 * Unpacks RocksDB's native code beside the first store that is opened, under one name. By itself it
 * goes to the system's temporary folder under a new name each time, and stays there when the
 * process is killed: 15 MB for each start. Safe.
 */
final class RocksNative {
  private static final String FOLDER = "native";

  private RocksNative() {}

  /** Done before by this process: nothing happens. */
  static void load(Path store) throws IOException {
    Path folder = Files.createDirectories(store.resolveSibling(FOLDER).toAbsolutePath());
    NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
  }
}
