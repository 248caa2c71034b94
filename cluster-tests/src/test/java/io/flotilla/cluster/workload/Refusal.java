package io.flotilla.cluster.workload;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.flotilla.proto.types.v1.ErrorReason;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;

/**
 * How a call was refused, as a stock stub sees it.
 *
 * @param code the canonical status code
 * @param reason from the catalogue; UNSPECIFIED when the refusal carried none
 * @param message for humans
 * @param metadata facts for programs
 */
public record Refusal(
    Status.Code code, ErrorReason reason, String message, Map<String, String> metadata) {
  private static final String DOMAIN = "flotilla";

  /** Runs a call that must be refused. */
  public static Refusal of(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      return from(e);
    }
    throw new AssertionError("the call was not refused");
  }

  /** Reads a refusal out of its exception. */
  public static Refusal from(StatusRuntimeException e) {
    String message = String.valueOf(e.getStatus().getDescription());
    com.google.rpc.Status status = StatusProto.fromThrowable(e);
    if (status != null) {
      for (Any detail : status.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          return from(e.getStatus().getCode(), message, unpack(detail));
        }
      }
    }
    return new Refusal(
        e.getStatus().getCode(), ErrorReason.ERROR_REASON_UNSPECIFIED, message, Map.of());
  }

  private static Refusal from(Status.Code code, String message, ErrorInfo info) {
    if (!info.getDomain().equals(DOMAIN)) {
      throw new AssertionError("foreign error domain: " + info);
    }
    ErrorReason reason = ErrorReason.valueOf("ERROR_REASON_" + info.getReason());
    return new Refusal(code, reason, message, info.getMetadataMap());
  }

  private static ErrorInfo unpack(Any detail) {
    try {
      return detail.unpack(ErrorInfo.class);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("unreadable ErrorInfo", e);
    }
  }
}
