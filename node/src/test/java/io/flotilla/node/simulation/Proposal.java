package io.flotilla.node.simulation;

import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way through a group, and who waits for its outcome; heard once, or never when
 * the client has given up. Confined to one thread.
 */
final class Proposal {

  /** How it ended for the client. */
  enum End {
    /** It has been committed and applied: the outcome says what came of it. */
    ANSWERED,
    /** It was certainly not and never will be in the log. */
    REFUSED,
    /** It may or may not be in the log. */
    UNKNOWN
  }

  /** Hears of the end. */
  interface Client {
    /**
     * Is called once.
     *
     * @param outcome of ANSWERED only
     */
    void heard(End end, @Nullable Message outcome);
  }

  /** Of a client that does not care. */
  static final Client NOBODY = (end, outcome) -> {};

  private final Message command;
  private final long tag;
  private final Client client;
  private boolean ended;

  /**
   * @param command a PartitionCommand, ConsumerGroupCommand, or MetadataCommand without its time
   * @param tag of a batch: its number among all that were ever sent; 0 = none
   */
  Proposal(Message command, long tag, Client client) {
    this.command = command;
    this.tag = tag;
    this.client = client;
  }

  Message command() {
    return command;
  }

  long tag() {
    return tag;
  }

  void end(End end, @Nullable Message outcome) {
    if (!ended) {
      ended = true;
      client.heard(end, outcome);
    }
  }

  /** The client waits no longer; what it will not hear is not known to it. */
  void abandon() {
    end(End.UNKNOWN, null);
  }

  boolean isOpen() {
    return !ended;
  }
}
