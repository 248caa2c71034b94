package io.flotilla.cluster.badinput;

import static io.flotilla.cluster.badinput.BadRequest.PARTITIONS;
import static io.flotilla.cluster.badinput.BadRequest.TOPIC;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_INVALID_ARGUMENT;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_STREAM_LIMIT;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.RawFetch;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.FetchPartition;
import io.flotilla.proto.v1.FetchStreamRequest;
import io.flotilla.proto.v1.FetchStreamResponse;
import io.grpc.Status;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A bad fetch ends that fetch, bad credit ends the stream, and neither harms the node. */
class BadFetchStreamTest {
  private static final int CREDIT = 1 << 20;
  private static final int FETCHES_TOO_MANY = 1_100;
  private static final Duration QUIET = Duration.ofMillis(500);

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  /** A fetch that must end with a failure. */
  record BadFetch(String name, FetchPartition fetch, ErrorReason reason) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void createTopic() {
    cluster.createTopic(TOPIC, PARTITIONS);
    BadRequest.leavesEveryNodeHealthy(cluster);
  }

  @ParameterizedTest
  @MethodSource("fetches")
  void badFetchEndsAndTheStreamGoesOn(BadFetch bad) {
    cluster
        .ids()
        .forEach(
            node -> {
              try (RawFetch stream = RawFetch.on(cluster.wire(node))) {
                stream.send(
                    FetchStreamRequest.newBuilder()
                        .addAdd(bad.fetch())
                        .setCreditBytes(CREDIT)
                        .build());
                FetchStreamResponse failed = stream.next();
                assertThat(failed.getFetchId()).isEqualTo(7);
                assertThat(failed.getFailure().getReason()).isEqualTo(bad.reason());

                stream.send(
                    FetchStreamRequest.newBuilder().addAdd(RawFetch.earliest(8, TOPIC, 0)).build());

                FetchStreamResponse good = stream.next();
                assertThat(good.getFetchId()).isEqualTo(8);
                assertThat(good.hasFailure()).as("%s", good.getFailure()).isFalse();
              }
            });
    BadRequest.leavesEveryNodeHealthy(cluster);
  }

  static Stream<BadFetch> fetches() {
    return Stream.of(
        bad("bad topic", f -> f.setTopic("a/b"), ERROR_REASON_INVALID_ARGUMENT),
        bad("unknown topic", f -> f.setTopic("nowhere"), ERROR_REASON_TOPIC_NOT_FOUND),
        bad("partition -1", f -> f.setPartition(-1), ERROR_REASON_INVALID_ARGUMENT),
        bad("partition 99", f -> f.setPartition(99), ERROR_REASON_PARTITION_NOT_FOUND),
        bad("no position", f -> f.clearFrom(), ERROR_REASON_INVALID_ARGUMENT),
        bad("offset -1", f -> f.setFrom(offset(-1)), ERROR_REASON_OFFSET_OUT_OF_RANGE),
        bad("offset MIN", f -> f.setFrom(offset(Long.MIN_VALUE)), ERROR_REASON_OFFSET_OUT_OF_RANGE),
        bad("offset MAX", f -> f.setFrom(offset(Long.MAX_VALUE)), ERROR_REASON_OFFSET_OUT_OF_RANGE),
        bad(
            "another incarnation",
            f -> f.setTopicId(Long.MAX_VALUE),
            ERROR_REASON_WRONG_TOPIC_INCARNATION));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, (64L << 20) + 1, Long.MAX_VALUE})
  void creditOutOfBoundsEndsTheStream(long credit) {
    try (RawFetch stream = RawFetch.on(cluster.wire(1))) {
      stream.send(FetchStreamRequest.newBuilder().setCreditBytes(credit).build());

      assertThat(stream.awaitEnd().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
    BadRequest.leavesEveryNodeHealthy(cluster);
  }

  @Test
  void creditThatIsGrantedOverAndOverEndsTheStreamBeforeItOverflows() {
    try (RawFetch stream = RawFetch.on(cluster.wire(1))) {
      for (int i = 0; i < 200; i++) {
        stream.send(FetchStreamRequest.newBuilder().setCreditBytes(64L << 20).build());
      }

      assertThat(stream.awaitEnd().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
    BadRequest.leavesEveryNodeHealthy(cluster);
  }

  @Test
  void nothingIsSentWithoutCredit() {
    try (RawFetch stream = RawFetch.on(cluster.wire(1))) {
      stream.send(FetchStreamRequest.newBuilder().addAdd(RawFetch.earliest(1, TOPIC, 0)).build());

      assertThat(stream.poll(QUIET).map(FetchStreamResponse::getBatchesCount).orElse(0)).isZero();
    }
  }

  @Test
  void fetchIdTwiceIsRefused() {
    try (RawFetch stream = RawFetch.on(cluster.wire(1))) {
      stream.send(
          FetchStreamRequest.newBuilder()
              .addAdd(RawFetch.earliest(1, TOPIC, 0))
              .addAdd(RawFetch.earliest(1, TOPIC, 1))
              .build());

      assertThat(stream.awaitEnd().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
    BadRequest.leavesEveryNodeHealthy(cluster);
  }

  @Test
  void fetchesBeyondTheLimitAreRefusedOneByOne() {
    try (RawFetch stream = RawFetch.on(cluster.wire(1))) {
      stream.send(FetchStreamRequest.newBuilder().setCreditBytes(CREDIT).build());
      for (int id = 1; id <= FETCHES_TOO_MANY; id++) {
        FetchPartition fetch = RawFetch.earliest(id, TOPIC, id % PARTITIONS);
        stream.send(FetchStreamRequest.newBuilder().addAdd(fetch).build());
      }

      Set<Integer> answered = new HashSet<>();
      int refused = 0;
      while (answered.size() < FETCHES_TOO_MANY && refused < FETCHES_TOO_MANY - 1_000) {
        FetchStreamResponse answer = stream.next();
        answered.add(answer.getFetchId());
        if (answer.hasFailure()) {
          assertThat(answer.getFailure().getReason()).isEqualTo(ERROR_REASON_STREAM_LIMIT);
          refused++;
        }
      }
      assertThat(refused).isEqualTo(FETCHES_TOO_MANY - 1_000);
    }
    BadRequest.leavesEveryNodeHealthy(cluster);
  }

  private static BadFetch bad(
      String name, UnaryOperator<FetchPartition.Builder> spoil, ErrorReason reason) {
    return new BadFetch(
        name, spoil.apply(RawFetch.earliest(7, TOPIC, 0).toBuilder()).build(), reason);
  }

  private static Position.Builder offset(long offset) {
    return Position.newBuilder().setFrom(StartFrom.START_FROM_OFFSET).setOffset(offset);
  }
}
