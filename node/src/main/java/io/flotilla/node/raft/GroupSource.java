package io.flotilla.node.raft;

import io.flotilla.node.core.Applied;
import io.flotilla.node.model.GroupChunk;
import io.flotilla.node.model.GroupTotals;

/** Where a group's rows come from when it is rebuilt: another replica. Implemented above. */
public interface GroupSource {

  /**
   * What is asked for.
   *
   * @param minIndex the rows must hold the effects of this entry
   * @param token of a stream that broke, to go on with it; 0 = none
   * @param afterChunk the last chunk of it that came
   */
  record Pull(long group, long minIndex, long token, long afterChunk) {}

  /** Takes what comes, in order, on the thread that pulls. What it throws ends the stream. */
  interface Sink {
    /**
     * First of all.
     *
     * @param token another one than asked for: it begins anew
     * @param at the last entry whose effects are in the rows
     */
    void started(long token, Applied at);

    void chunk(GroupChunk chunk);

    /** Last of all: what the sender counted since the token began. */
    void ended(GroupTotals totals);
  }

  /**
   * Pulls a group from a peer; returns after its end was handed over. Blocks as long as there is
   * progress; an interrupt ends it.
   *
   * @throws GroupSourceException when the peer refuses, or the stream broke
   */
  void pull(String peerId, Pull pull, Sink sink);

  /** The peer cannot give the rows now, or its stream broke. */
  final class GroupSourceException extends RuntimeException {
    public GroupSourceException(String message, Throwable cause) {
      super(message, cause);
    }

    public GroupSourceException(String message) {
      super(message);
    }
  }
}
