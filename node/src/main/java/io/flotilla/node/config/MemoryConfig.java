package io.flotilla.node.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The memory of a node beside what its connections take: all of it is bounded here. Keys {@code
 * memory.*}; 0, the default of each, has {@link MemoryPlan} derive it from the memory of the
 * machine or container and from Java's own limits (-Xmx, -XX:MaxDirectMemorySize).
 *
 * @param storeBytes block cache and write buffers of the store together, outside the heap. Larger:
 *     fewer reads from disk; taken from the operating system's page cache, through which events
 *     themselves are read. Derived: a 64th of the memory, at most 512 MiB, or a quarter of the
 *     heap, at most 2 GiB, whichever is more; but not more than heap, direct memory and 256 MiB
 *     leave, and not below 96 MiB. Key {@code memory.store}
 * @param writeBufferBytes the part of it that unflushed writes may fill. Larger: fewer, bigger
 *     files, and more to replay after a crash. Derived: half of it, at most 128 MiB. Key {@code
 *     memory.write-buffers}
 * @param raftCacheBytes heap for the latest entries of the Raft logs of all groups together,
 *     divided by the number of groups. Larger: bigger log files, and a follower that was away for a
 *     moment is served from memory. Derived: a quarter of the heap. Key {@code memory.raft-cache}
 * @param openFilesMax files that the store keeps open; Raft logs need two a group on top. Derived:
 *     512. Key {@code memory.open-files-max}
 */
public record MemoryConfig(
    long storeBytes, long writeBufferBytes, long raftCacheBytes, int openFilesMax) {

  private static final long MIB = 1 << 20;

  public static MemoryConfig defaults() {
    return new MemoryConfig(0, 0, 0, 0);
  }

  /** All faults at once; empty when there are none. */
  public List<String> validate() {
    List<String> faults = new ArrayList<>();
    if (storeBytes != 0 && storeBytes < 2 * MIB) {
      faults.add("memory.store must be 0 or at least 2MiB");
    }
    if (writeBufferBytes != 0 && writeBufferBytes < MIB) {
      faults.add("memory.write-buffers must be 0 or at least 1MiB");
    }
    if (storeBytes != 0 && writeBufferBytes > storeBytes) {
      faults.add("memory.write-buffers must not be above memory.store");
    }
    if (raftCacheBytes != 0 && raftCacheBytes < 4 * MIB) {
      faults.add("memory.raft-cache must be 0 or at least 4MiB");
    }
    if (openFilesMax != 0 && openFilesMax < 64) {
      faults.add("memory.open-files-max must be 0 or at least 64");
    }
    return faults;
  }
}
