package io.flotilla.client;

import org.jspecify.annotations.Nullable;

/**
 * What a verification found out about one replica of a partition.
 *
 * @param nodeId the node that holds it
 * @param verdict in one word
 * @param logStartOffset the first offset it keeps
 * @param highWatermark the first offset it cannot read yet
 * @param batches batches compared
 * @param events events compared
 * @param bytes stored bytes compared
 * @param chain hash chain of all that was ever appended to it, at its high watermark, in
 *     hexadecimal digits; empty when it holds nothing
 * @param badOffset the first offset that differs or cannot be read; null when there is none
 * @param detail the verdict in words; empty when it is equal
 */
public record ReplicaVerification(
    int nodeId,
    Verdict verdict,
    long logStartOffset,
    long highWatermark,
    long batches,
    long events,
    long bytes,
    String chain,
    @Nullable Long badOffset,
    String detail) {

  /** What a verification says of a replica. */
  public enum Verdict {
    /** As the others, to the end. */
    EQUAL,
    /** Holds something else than most others; or, when there is no majority, than another. */
    DIFFERENT,
    /** Holds a batch that cannot be read, or fails its checksum. */
    CORRUPT,
    /** Equal as far as it has applied: not to the end, or the last step of compaction. */
    BEHIND,
    /** Its node does not answer, or has not opened the replica. */
    UNREACHABLE
  }
}
