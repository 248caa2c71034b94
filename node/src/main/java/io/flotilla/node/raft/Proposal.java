package io.flotilla.node.raft;

import com.google.protobuf.ByteString;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.Message;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way into a group's log, and what became of it there, which Ratis does not tell
 * of all: when leadership is lost it answers "not leader" for everything under way, although most
 * of it is committed by the next leader. Safe.
 */
final class Proposal implements Message {

  /**
   * For what was under way when leadership was lost. The next leader's first entry settles it, a
   * round of votes later; a replica that is cut off never hears of it.
   */
  private static final long SETTLE_MS_MAX = 1_000;

  private final org.apache.ratis.thirdparty.com.google.protobuf.ByteString command;
  private final CompletableFuture<ByteString> fate = new CompletableFuture<>();
  private volatile boolean appended;

  Proposal(ByteString command) {
    this.command = Bytes.toRatis(command);
  }

  @Override
  public org.apache.ratis.thirdparty.com.google.protobuf.ByteString getContent() {
    return command;
  }

  /** It is about to enter the log. */
  void append() {
    appended = true;
  }

  /** It has been applied here, whoever led then. */
  void applied(ByteString outcome) {
    fate.complete(outcome);
  }

  /** It is known never to be applied, or nothing more will be known of it here. */
  void failed(ProposalException.Kind kind, String message, @Nullable Throwable cause) {
    fate.completeExceptionally(new ProposalException(kind, message, cause));
  }

  /** Ratis has answered: with a reply once the command was applied, or with a fault. */
  void settle(@Nullable Throwable fault) {
    if (fault == null) {
      failed(
          ProposalException.Kind.UNKNOWN, "the entry was applied, its outcome is not known", null);
      return;
    }
    Throwable cause =
        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    ProposalException.Kind kind =
        cause instanceof ProposalException known ? known.kind() : ProposalException.Kind.UNKNOWN;
    String message = String.valueOf(cause.getMessage());
    if (appended) {
      var unused =
          new CompletableFuture<Void>()
              .completeOnTimeout(null, SETTLE_MS_MAX, TimeUnit.MILLISECONDS)
              .thenRun(() -> failed(ProposalException.Kind.UNKNOWN, message, cause));
    } else if (kind == ProposalException.Kind.UNKNOWN) {
      failed(
          ProposalException.Kind.NOT_LEADER,
          "this replica stopped leading before the entry was in its log",
          cause);
    } else {
      failed(kind, message, cause);
    }
  }

  /** Completes with the outcome, or fails with a {@link ProposalException}. */
  CompletableFuture<ByteString> fate() {
    return fate;
  }
}
