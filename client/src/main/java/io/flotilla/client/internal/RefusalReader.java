package io.flotilla.client.internal;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.flotilla.client.Leader;
import io.flotilla.client.ServerAttempt.Reached;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Failure;
import io.flotilla.proto.types.v1.LeaderHint;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The only place that understands how the cluster says no: a gRPC status with details, or a {@link
 * Failure} inside a stream. Pure.
 */
final class RefusalReader {

  /** The domain of Flotilla's own reasons in google.rpc.ErrorInfo. */
  static final String DOMAIN = "flotilla";

  private RefusalReader() {}

  static Refusal read(Throwable thrown) {
    return read(Status.fromThrowable(thrown), Status.trailersFromThrowable(thrown));
  }

  static Refusal read(Status status, @Nullable Metadata trailers) {
    ErrorReason reason = ErrorReason.ERROR_REASON_UNSPECIFIED;
    Map<String, String> metadata = Map.of();
    Leader leader = null;
    long retryAfterMs = 0;
    boolean ours = false;
    for (Any detail : details(status, trailers)) {
      try {
        if (detail.is(ErrorInfo.class)) {
          ErrorInfo info = detail.unpack(ErrorInfo.class);
          if (info.getDomain().equals(DOMAIN)) {
            ours = true;
            reason = ErrorSpecs.byShortName(info.getReason());
            metadata = info.getMetadataMap();
          }
        } else if (detail.is(RetryInfo.class)) {
          var delay = detail.unpack(RetryInfo.class).getRetryDelay();
          retryAfterMs = delay.getSeconds() * 1000 + delay.getNanos() / 1_000_000;
        } else if (detail.is(LeaderHint.class)) {
          leader = leader(detail.unpack(LeaderHint.class));
        }
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(
            "unreadable " + detail.getTypeUrl() + " in the details of " + status, e);
      }
    }
    return new Refusal(
        reason,
        ErrorSpecs.retryOf(reason, status.getCode()),
        status.getCode(),
        text(status),
        metadata,
        leader,
        retryAfterMs,
        ours ? Reached.GRPC_ANSWERED : reached(status),
        status.getCause());
  }

  static Refusal read(Failure failure) {
    Status.Code code = Status.fromCodeValue(failure.getCode()).getCode();
    return new Refusal(
        failure.getReason(),
        ErrorSpecs.retryOf(failure.getReason(), code),
        code,
        failure.getMessage(),
        failure.getMetadataMap(),
        failure.hasLeader() ? leader(failure.getLeader()) : null,
        failure.getRetryAfterMs(),
        Reached.GRPC_ANSWERED,
        null);
  }

  static @Nullable Leader leader(LeaderHint hint) {
    return hint.getNodeId() == 0 || hint.getHost().isEmpty()
        ? null
        : new Leader(hint.getNodeId(), hint.getHost(), hint.getPort(), hint.getTerm());
  }

  private static Iterable<Any> details(Status status, @Nullable Metadata trailers) {
    if (trailers == null) {
      return List.of();
    }
    com.google.rpc.Status full = StatusProto.fromStatusAndTrailers(status, trailers);
    return full == null ? List.of() : full.getDetailsList();
  }

  private static String text(Status status) {
    String description = status.getDescription();
    StringBuilder text =
        new StringBuilder(description == null ? status.getCode().name() : description);
    for (Throwable c = status.getCause(); c != null; c = c.getCause()) {
      if (c.getMessage() != null && text.indexOf(c.getMessage()) < 0) {
        text.append(": ").append(c.getMessage());
      }
    }
    return text.toString();
  }

  /** How far a call came whose status has none of our details, told by what the transport says. */
  private static Reached reached(Status status) {
    for (Throwable c = status.getCause(); c != null; c = c.getCause()) {
      if (c instanceof UnknownHostException || c instanceof UnresolvedAddressException) {
        return Reached.NOTHING;
      }
      // Of the transport's own kinds only: refused, no route, connect timed out.
      if (c instanceof ConnectException || c instanceof NoRouteToHostException) {
        return Reached.NAME_RESOLVED;
      }
    }
    String description = status.getDescription();
    String said = description == null ? "" : description.toLowerCase(Locale.ROOT);
    if (said.startsWith("unable to resolve host")) {
      return Reached.NOTHING;
    }
    return switch (status.getCode()) {
      case UNAVAILABLE -> Reached.CONNECTED;
      case DEADLINE_EXCEEDED, CANCELLED ->
          said.contains("connecting") || said.contains("buffered")
              ? Reached.NAME_RESOLVED
              : Reached.CONNECTED;
      // What grpc-java says of a call that was sent while its connection broke.
      case UNKNOWN ->
          status.getCause() instanceof ClosedChannelException
              ? Reached.CONNECTED
              : Reached.GRPC_ANSWERED;
      default -> Reached.GRPC_ANSWERED;
    };
  }
}
