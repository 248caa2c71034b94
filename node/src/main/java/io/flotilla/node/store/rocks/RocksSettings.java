package io.flotilla.node.store.rocks;

/**
 * The memory that RocksDB may take, for all tables of a node together.
 *
 * @param memoryBytes block cache and memtables together. Too small: reads go to the disk, and the
 *     memtables flush often. Too large: taken from the operating system's page cache
 * @param writeBufferBytes the part of it that memtables may fill before they are flushed. Larger
 *     means fewer and bigger files, and more to replay from the Raft log after a crash
 * @param openFilesMax files that it keeps open. Too few: files are opened again and again
 */
public record RocksSettings(long memoryBytes, long writeBufferBytes, int openFilesMax) {

  private static final int OPEN_FILES_DEFAULT = 512;

  public RocksSettings(long memoryBytes, long writeBufferBytes) {
    this(memoryBytes, writeBufferBytes, OPEN_FILES_DEFAULT);
  }

  private static final long MIB = 1 << 20;

  public RocksSettings {
    if (writeBufferBytes < 64 << 10 || memoryBytes < writeBufferBytes) {
      throw new IllegalArgumentException(
          "rocks memory "
              + memoryBytes
              + " must be at least the write buffers "
              + writeBufferBytes
              + ", and those at least 64 KiB");
    }
  }

  public static RocksSettings defaults() {
    return new RocksSettings(192 * MIB, 96 * MIB);
  }
}
