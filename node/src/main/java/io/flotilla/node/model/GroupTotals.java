package io.flotilla.node.model;

/**
 * What has gone from one replica to another, chunk by chunk; both sides count, and at the end must
 * agree. Immutable.
 *
 * @param chunks chunks until now
 * @param bytes bytes of their blocks
 * @param sum over the checksums of all chunks in their order
 */
public record GroupTotals(long chunks, long bytes, long sum) {

  public static final GroupTotals NONE = new GroupTotals(0, 0, 0);

  private static final long MIX = 0x9E3779B97F4A7C15L;

  /** With one chunk more. */
  public GroupTotals plus(GroupChunk chunk) {
    return new GroupTotals(
        chunks + 1, bytes + chunk.block().size(), (sum ^ chunk.crc()) * MIX + chunk.number());
  }
}
