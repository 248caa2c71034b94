package io.flotilla.node.config;

import java.util.ArrayList;
import java.util.List;

/**
 * When a disk counts as full. Keys {@code disk.*}. Each limit is a share of the disk with a cap,
 * since 5 % of a large disk is more than anybody needs to be safe.
 *
 * @param warnFreePercent below this share of free space the node warns, once, in its log and in
 *     {@code cluster describe}; 0 to 90. Larger: more time to act, and more warnings. Default 15
 * @param warnFreeBytesMax but never above this many free bytes. Default 20 GiB
 * @param refuseFreePercent below this share publishing is refused with DISK_FULL, in every
 *     partition that has a replica on the disk, until one and a half times as much is free; 0 to
 *     90. Larger: more room for what goes on meanwhile (flushes, compaction, metadata, followers
 *     that catch up); smaller: more events fit. Default 5
 * @param refuseFreeBytesMax but never above this many free bytes. Default 5 GiB
 * @param refuseFreeBytesMin and never below this many, or an eighth of the disk where that is less:
 *     what one node may still have in memory and in flight. Default 256 MiB
 * @param reserveBytes size of a file that is kept for the worst, and deleted when less than this is
 *     free, so that the node can still flush, purge and delete; at most a sixteenth of the disk. 0
 *     = no such file. Default 64 MiB
 */
public record DiskConfig(
    int warnFreePercent,
    long warnFreeBytesMax,
    int refuseFreePercent,
    long refuseFreeBytesMax,
    long refuseFreeBytesMin,
    long reserveBytes) {

  private static final int PERCENT_MAX = 90;

  public static DiskConfig defaults() {
    return new DiskConfig(15, 20L << 30, 5, 5L << 30, 256L << 20, 64L << 20);
  }

  /** Free bytes of a disk of this size below which writes are refused. */
  public long refuseBelow(long totalBytes) {
    long share = Math.min(percent(totalBytes, refuseFreePercent), refuseFreeBytesMax);
    return Math.max(share, Math.min(refuseFreeBytesMin, totalBytes / 8));
  }

  /** Free bytes below which the node warns; never less than where it accepts writes again. */
  public long warnBelow(long totalBytes) {
    long share = Math.min(percent(totalBytes, warnFreePercent), warnFreeBytesMax);
    return Math.max(share, acceptFrom(totalBytes));
  }

  /** Free bytes from which on writes are accepted again. */
  public long acceptFrom(long totalBytes) {
    return refuseBelow(totalBytes) / 2 * 3;
  }

  /** Bytes of the reserve on a disk of this size; the same number of free bytes releases it. */
  public long reserve(long totalBytes) {
    return Math.min(reserveBytes, totalBytes / 16);
  }

  private static long percent(long bytes, int percent) {
    return bytes / 100 * percent;
  }

  /** All faults at once; empty when there are none. */
  public List<String> validate() {
    List<String> faults = new ArrayList<>();
    if (warnFreePercent < 0 || warnFreePercent > PERCENT_MAX) {
      faults.add("disk.warn-free-percent must be 0 to 90");
    }
    if (refuseFreePercent < 0 || refuseFreePercent > PERCENT_MAX) {
      faults.add("disk.refuse-free-percent must be 0 to 90");
    }
    if (refuseFreeBytesMin > refuseFreeBytesMax) {
      faults.add("disk.refuse-free-bytes-max must not be below disk.refuse-free-bytes-min");
    }
    return faults;
  }
}
