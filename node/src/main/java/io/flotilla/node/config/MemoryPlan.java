package io.flotilla.node.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Who gets how much of a node's memory: what was configured, and the rest derived from the machine.
 * Pure.
 *
 * @param store block cache and write buffers, bytes outside the heap
 * @param writeBuffers the part of it for unflushed writes
 * @param raftCache heap for entries of all Raft logs together
 * @param groupsMax Raft groups that the node may hold: as configured, or fewer when the direct
 *     memory does not suffice, of which each takes a write buffer
 * @param openFilesMax files that the store keeps open
 */
public record MemoryPlan(
    Machine machine,
    long store,
    long writeBuffers,
    long raftCache,
    int groupsMax,
    int openFilesMax) {

  private static final long MIB = 1 << 20;
  private static final int OPEN_FILES_DEFAULT = 512;

  /** Direct memory for everything but Raft's write buffers: transport, mostly. */
  private static final long DIRECT_BESIDE = 64 * MIB;

  /** Threads, classes, compiled code, and the allocator's loss. */
  private static final long PROCESS_BESIDE = 256 * MIB;

  private static final long STORE_MIN = 96 * MIB;

  /** Of a machine that is shared with others, as far as one can see: heap of a default size. */
  private static final int STORE_MACHINE_SHARE = 64;

  private static final long STORE_OF_MACHINE_MAX = 512 * MIB;

  /** Of a heap that somebody chose, or that follows a container's limit. */
  private static final int STORE_HEAP_SHARE = 4;

  /** What publishers have under way fits beside what Raft keeps for followers. */
  private static final int PUBLISH_HEAP_SHARE = 4;

  private static final long PUBLISH_MAX = 256 * MIB;

  /** Holds the keys of ninety million batches; more only takes from the page cache. */
  private static final long STORE_OF_HEAP_MAX = 2048 * MIB;

  /**
   * What there is.
   *
   * @param totalBytes memory of the machine or container
   * @param heapBytes largest heap
   * @param directBytes most direct memory
   * @param processors at least 1
   * @param filesMax files and sockets that may be open; a negative number when that is not known
   */
  public record Machine(
      long totalBytes, long heapBytes, long directBytes, int processors, long filesMax) {}

  public static MemoryPlan of(NodeConfig config, Machine machine) {
    MemoryConfig memory = config.memory();
    long store =
        or(memory.storeBytes(), Math.max(derivedStore(machine), memory.writeBufferBytes()));
    return new MemoryPlan(
        machine,
        store,
        or(memory.writeBufferBytes(), Math.min(store / 2, 128 * MIB)),
        or(memory.raftCacheBytes(), Math.max(4 * MIB, machine.heapBytes / 4)),
        groups(config, machine),
        memory.openFilesMax() == 0 ? OPEN_FILES_DEFAULT : memory.openFilesMax());
  }

  /**
   * It grows with the heap, which says how much of the machine is this node's, and never beyond
   * what heap, direct memory and the process leave.
   */
  private static long derivedStore(Machine machine) {
    long wanted =
        Math.max(
            Math.min(machine.totalBytes / STORE_MACHINE_SHARE, STORE_OF_MACHINE_MAX),
            Math.min(machine.heapBytes / STORE_HEAP_SHARE, STORE_OF_HEAP_MAX));
    long left = machine.totalBytes - machine.heapBytes - machine.directBytes - PROCESS_BESIDE;
    return Math.max(STORE_MIN, Math.min(wanted, left));
  }

  /** How partitions are served here. */
  public PartitionConfig partitions(NodeConfig config) {
    return config.partitions().on(machine, groupsMax);
  }

  /** How calls are served here. */
  public GrpcConfig grpc(NodeConfig config) {
    GrpcConfig grpc = config.grpc();
    long share = Math.min(machine.heapBytes / PUBLISH_HEAP_SHARE, PUBLISH_MAX);
    return grpc.withPublishBytesMax(
        or(grpc.publishBytesMax(), Math.max(grpc.publishWindowBytes(), share)));
  }

  private static int groups(NodeConfig config, Machine machine) {
    long buffers = Math.max(0, machine.directBytes - DIRECT_BESIDE);
    long most = Math.max(1, buffers / config.raft().directBytesPerGroup());
    return (int) Math.min(config.partitions().groupsMax(), most);
  }

  private static long or(long configured, long derived) {
    return configured == 0 ? derived : configured;
  }

  /** What does not fit, in the operator's words; empty when everything does. */
  public List<String> warnings(NodeConfig config) {
    List<String> warnings = new ArrayList<>();
    long sum = machine.heapBytes + machine.directBytes + store + PROCESS_BESIDE;
    if (sum > machine.totalBytes) {
      warnings.add(
          "heap, direct memory, store and 256 MiB for the process may grow to "
              + mib(sum)
              + ", but there are "
              + mib(machine.totalBytes)
              + ": lower -Xmx, -XX:MaxDirectMemorySize or memory.store");
    }
    long heap =
        raftCache + config.partitions().nodeInFlightBytesMax() + grpc(config).publishBytesMax();
    if (heap > machine.heapBytes / 10 * 9) {
      warnings.add(
          "memory.raft-cache, partitions.node-in-flight-bytes-max and grpc.publish-bytes-max are "
              + mib(heap)
              + " of a heap of "
              + mib(machine.heapBytes)
              + ": raise -Xmx or lower them");
    }
    int wanted = config.partitions().groupsMax();
    if (groupsMax < wanted && wanted != PartitionConfig.defaults().groupsMax()) {
      warnings.add(
          "direct memory suffices for "
              + groupsMax
              + " groups, not for partitions.groups-max = "
              + wanted
              + ": more need a larger -XX:MaxDirectMemorySize");
    }
    long files = openFilesMax + 2L * groupsMax + 1000;
    if (machine.filesMax >= 0 && files > machine.filesMax) {
      warnings.add(
          files + " files may be open, but the limit is " + machine.filesMax + ": raise ulimit -n");
    }
    return warnings;
  }

  /** One line. */
  @Override
  public String toString() {
    return "total=%s heap=%s direct=%s store=%s write-buffers=%s raft-cache=%s groups-max=%d"
            .formatted(
                mib(machine.totalBytes),
                mib(machine.heapBytes),
                mib(machine.directBytes),
                mib(store),
                mib(writeBuffers),
                mib(raftCache),
                groupsMax)
        + " store-files-max="
        + openFilesMax;
  }

  private static String mib(long bytes) {
    return bytes / MIB + "MiB";
  }
}
