package io.flotilla.node.core.log;

import com.google.protobuf.ByteString;

/**
 * What a piece of a replica's log holds.
 *
 * @param reachedOffset behind its last batch; where it begins, when it has none
 * @param batches how many
 * @param events how many
 * @param bytes as they are stored
 * @param sha256 of the stored bytes, batch by batch
 * @param corrupt what is wrong with the batch behind the piece, which then ends before it; empty =
 *     nothing
 */
public record LogDigest(
    long reachedOffset, int batches, long events, long bytes, ByteString sha256, String corrupt) {}
