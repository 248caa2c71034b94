package io.flotilla.node.disk;

/**
 * A node's disk at one moment; if its folders lie on several, the one with the least to spare.
 *
 * @param freeBytes what the node may still write
 * @param totalBytes the disk's size
 * @param refuseBelow free bytes below which writes are refused
 */
public record DiskStatus(DiskState state, long freeBytes, long totalBytes, long refuseBelow) {

  private static final long MIB = 1 << 20;

  /** In whole MiB, for log lines and refusals. */
  @Override
  public String toString() {
    return "%d MiB of %d MiB free (writes are refused below %d MiB)"
        .formatted(freeBytes / MIB, totalBytes / MIB, refuseBelow / MIB);
  }
}
