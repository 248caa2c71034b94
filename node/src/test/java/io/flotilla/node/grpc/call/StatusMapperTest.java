package io.flotilla.node.grpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.Leader;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Failure;
import io.flotilla.proto.types.v1.Retry;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StatusMapperTest {

  static Stream<ErrorReason> reasons() {
    return Arrays.stream(ErrorReason.values())
        .filter(
            reason ->
                reason != ErrorReason.UNRECOGNIZED
                    && reason != ErrorReason.ERROR_REASON_UNSPECIFIED);
  }

  private static FlotillaException refusal(ErrorReason reason) {
    return new FlotillaException(
        reason,
        "asked for this, refused because of that",
        Map.of("log_start", "7", "end", "9"),
        new Leader(3, "node3.example", 9095, 12),
        Duration.ofMillis(250));
  }

  private static void same(FlotillaException found, FlotillaException expected) {
    assertThat(found.reason()).isEqualTo(expected.reason());
    assertThat(found.getMessage()).isEqualTo(expected.getMessage());
    assertThat(found.metadata()).isEqualTo(expected.metadata());
    assertThat(found.leader()).isEqualTo(expected.leader());
    assertThat(found.retryAfter()).isEqualTo(expected.retryAfter());
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void everyReasonSurvivesTheWayThroughAStatus(ErrorReason reason) {
    StatusRuntimeException status = StatusMapper.toStatus(refusal(reason));

    assertThat(status.getStatus().getCode().value())
        .isEqualTo(ErrorCatalogue.spec(reason).getCode());
    same(StatusMapper.fromPeer(status), refusal(reason));
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void everyReasonSurvivesTheWayThroughAFailure(ErrorReason reason) {
    Failure failure = StatusMapper.toFailure(refusal(reason));

    assertThat(failure.getCode()).isEqualTo(ErrorCatalogue.spec(reason).getCode());
    same(StatusMapper.fromFailure(failure), refusal(reason));
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void theCatalogueSaysEverythingAboutEveryReason(ErrorReason reason) {
    var spec = ErrorCatalogue.spec(reason);

    assertThat(spec.getCode()).isBetween(1, 16);
    assertThat(spec.getRetry()).isNotEqualTo(Retry.RETRY_UNSPECIFIED);
    assertThat(spec.getBecause()).isNotBlank();
    assertThat(spec.getRemedy()).isNotBlank();
    assertThat(ErrorCatalogue.byName(ErrorCatalogue.nameOf(reason))).isEqualTo(reason);
  }

  @Test
  void aFaultOfThisNodeIsNotShownToTheCaller() {
    FlotillaException shown =
        StatusMapper.refusal(
            new CompletionException(new IllegalStateException("secret path /var/x")));

    assertThat(shown.reason()).isEqualTo(ErrorReason.ERROR_REASON_INTERNAL);
    assertThat(shown.getMessage()).doesNotContain("secret");
    assertThat(shown.metadata()).containsKey("fault");
  }

  @Test
  void aRefusedConnectionIsDefiniteAndABrokenOneIsNot() {
    var refused =
        Status.UNAVAILABLE.withCause(new ConnectException("refused")).asRuntimeException();
    var broken = Status.UNAVAILABLE.withDescription("reset by peer").asRuntimeException();
    var closed =
        Status.UNKNOWN
            .withDescription("channel closed")
            .withCause(new ClosedChannelException())
            .asRuntimeException();

    assertThat(StatusMapper.fromPeer(refused).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_NODE_UNREACHABLE);
    assertThat(StatusMapper.fromPeer(broken).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_OUTCOME_UNKNOWN);
    assertThat(StatusMapper.fromPeer(closed).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_OUTCOME_UNKNOWN);
  }
}
