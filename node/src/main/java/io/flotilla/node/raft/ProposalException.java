package io.flotilla.node.raft;

import org.jspecify.annotations.Nullable;

/** A proposal that was not answered with an outcome, and what is known about it. */
public final class ProposalException extends RuntimeException {

  /** What is known. */
  public enum Kind {
    /** Not in the log: this replica does not lead, or no longer. */
    NOT_LEADER,
    /** Not appended: it leads but may not serve yet, or no longer. */
    NOT_READY,
    /** Not appended: too much is pending. */
    THROTTLED,
    /** It may have been appended, and may be applied yet. */
    UNKNOWN
  }

  private final Kind kind;

  ProposalException(Kind kind, String message) {
    this(kind, message, null);
  }

  ProposalException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
