package io.flotilla.node.grpc.call;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.Leader;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Failure;
import io.flotilla.proto.types.v1.LeaderHint;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only place where refusals become gRPC statuses or Failures, and statuses of other nodes
 * become refusals again, nothing lost on the way. A fault that is not a refusal is logged under a
 * short id and answered as INTERNAL with that id; the caller never sees more of it. Stateless.
 */
public final class StatusMapper {

  /** The domain of every ErrorInfo. */
  public static final String DOMAIN = "flotilla";

  private static final Logger LOG = LoggerFactory.getLogger(StatusMapper.class);
  private static final int MESSAGE_CHARS_MAX = 1_000;

  private StatusMapper() {}

  /** As a unary call, or a whole stream, fails with it. */
  public static StatusRuntimeException toStatus(FlotillaException refusal) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(ErrorCatalogue.spec(refusal.reason()).getCode())
            .setMessage(message(refusal))
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setReason(ErrorCatalogue.nameOf(refusal.reason()))
                        .setDomain(DOMAIN)
                        .putAllMetadata(refusal.metadata())
                        .build()));
    Duration wait = refusal.retryAfter();
    if (wait != null) {
      status.addDetails(
          Any.pack(
              RetryInfo.newBuilder()
                  .setRetryDelay(
                      com.google.protobuf.Duration.newBuilder()
                          .setSeconds(wait.getSeconds())
                          .setNanos(wait.getNano()))
                  .build()));
    }
    Leader leader = refusal.leader();
    if (leader != null) {
      status.addDetails(Any.pack(hint(leader)));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  /** As it travels inside a stream. */
  public static Failure toFailure(FlotillaException refusal) {
    Failure.Builder failure =
        Failure.newBuilder()
            .setReason(refusal.reason())
            .setCode(ErrorCatalogue.spec(refusal.reason()).getCode())
            .setMessage(message(refusal))
            .putAllMetadata(refusal.metadata());
    Duration wait = refusal.retryAfter();
    if (wait != null) {
      failure.setRetryAfterMs(Math.max(1, wait.toMillis()));
    }
    Leader leader = refusal.leader();
    if (leader != null) {
      failure.setLeader(hint(leader));
    }
    return failure.build();
  }

  /** A failure that another node sent inside a stream. */
  public static FlotillaException fromFailure(Failure failure) {
    return new FlotillaException(
        failure.getReason() == ErrorReason.UNRECOGNIZED
            ? ErrorReason.ERROR_REASON_INTERNAL
            : failure.getReason(),
        failure.getMessage(),
        failure.getMetadataMap(),
        failure.hasLeader() ? leader(failure.getLeader()) : null,
        failure.getRetryAfterMs() > 0 ? Duration.ofMillis(failure.getRetryAfterMs()) : null);
  }

  /**
   * Whatever went wrong, as a refusal. Faults of this node's own are logged here, and only here.
   */
  public static FlotillaException refusal(Throwable thrown) {
    Throwable cause = unwrap(thrown);
    if (cause instanceof FlotillaException refusal) {
      return refusal;
    }
    if (cause instanceof TimeoutException) {
      return new FlotillaException(
          ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED,
          "the deadline passed before the answer was known; a write may have happened");
    }
    if (cause instanceof StatusRuntimeException || cause instanceof StatusException) {
      return fromPeer(cause);
    }
    String id = "%08x".formatted(ThreadLocalRandom.current().nextInt());
    LOG.error("a call failed by a fault of this node fault={}", id, cause);
    return new FlotillaException(
        ErrorReason.ERROR_REASON_INTERNAL,
        "the node met a fault of its own; its log has it as fault=" + id,
        Map.of("fault", id),
        null,
        null);
  }

  /**
   * The status with which another node, or the way to it, refused. Without details of ours it is
   * NODE_UNREACHABLE only if the request cannot have left this node, else OUTCOME_UNKNOWN.
   */
  public static FlotillaException fromPeer(Throwable thrown) {
    io.grpc.Status status = io.grpc.Status.fromThrowable(thrown);
    com.google.rpc.Status details = StatusProto.fromThrowable(thrown);
    FlotillaException refusal = details == null ? null : fromDetails(details);
    if (refusal != null) {
      return refusal;
    }
    String said = Objects.requireNonNullElse(status.getDescription(), status.getCode().name());
    ErrorReason reason =
        switch (status.getCode()) {
          case UNAVAILABLE ->
              neverConnected(status.getCause())
                  ? ErrorReason.ERROR_REASON_NODE_UNREACHABLE
                  : ErrorReason.ERROR_REASON_OUTCOME_UNKNOWN;
          // UNKNOWN: what grpc-java says of a call that was sent while its connection broke.
          case CANCELLED, UNKNOWN -> ErrorReason.ERROR_REASON_OUTCOME_UNKNOWN;
          case DEADLINE_EXCEEDED -> ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED;
          default -> ErrorReason.ERROR_REASON_INTERNAL;
        };
    return new FlotillaException(
        reason, "another node had to be asked and answered " + status.getCode() + ": " + said);
  }

  /** Where the leader is, on the wire. */
  public static LeaderHint hint(Leader leader) {
    return LeaderHint.newBuilder()
        .setNodeId(leader.nodeId())
        .setHost(leader.host())
        .setPort(leader.port())
        .setTerm(leader.term())
        .build();
  }

  private static @Nullable FlotillaException fromDetails(com.google.rpc.Status details) {
    ErrorReason reason = null;
    Map<String, String> metadata = Map.of();
    Leader leader = null;
    Duration wait = null;
    try {
      for (Any detail : details.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          ErrorInfo info = detail.unpack(ErrorInfo.class);
          if (info.getDomain().equals(DOMAIN)) {
            reason = ErrorCatalogue.byName(info.getReason());
            metadata = info.getMetadataMap();
          }
        } else if (detail.is(RetryInfo.class)) {
          var delay = detail.unpack(RetryInfo.class).getRetryDelay();
          wait = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
        } else if (detail.is(LeaderHint.class)) {
          leader = leader(detail.unpack(LeaderHint.class));
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("another node sent error details that do not parse", e);
    }
    return reason == null
        ? null
        : new FlotillaException(reason, details.getMessage(), metadata, leader, wait);
  }

  private static Leader leader(LeaderHint hint) {
    return new Leader(hint.getNodeId(), hint.getHost(), hint.getPort(), hint.getTerm());
  }

  private static String message(FlotillaException refusal) {
    String message = Objects.requireNonNullElse(refusal.getMessage(), refusal.reason().name());
    return message.length() <= MESSAGE_CHARS_MAX
        ? message
        : message.substring(0, MESSAGE_CHARS_MAX) + "...";
  }

  private static boolean neverConnected(@Nullable Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof ConnectException
          || at instanceof UnknownHostException
          || at instanceof NoRouteToHostException) {
        return true;
      }
    }
    return false;
  }

  private static Throwable unwrap(Throwable thrown) {
    Throwable at = thrown;
    while (at.getCause() != null
        && (at instanceof CompletionException || at instanceof ExecutionException)) {
      at = at.getCause();
    }
    return at;
  }
}
