package io.flotilla.node.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerChannelsTest {
  private static final int MESSAGE_BYTES_MAX = 1 << 20;
  private static final int CALL_SECONDS_MAX = 10;

  /** Left to itself gRPC pauses for 1, 1.6, 2.6, 4.1, 6.6 s, give or take a fifth of each. */
  private static final int ATTEMPTS = 10;

  private static final Duration LIMIT = Duration.ofSeconds(10);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLostNodeIsSoughtWheneverSomebodyAsksForIt(boolean session) throws Exception {
    try (ServerSocket lost = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        PeerChannels channels = new PeerChannels(MESSAGE_BYTES_MAX)) {
      AtomicInteger attempts = new AtomicInteger();
      new Thread(() -> hangUp(lost, attempts)).start();
      String host = lost.getInetAddress().getHostAddress();
      int port = lost.getLocalPort();

      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .atMost(LIMIT)
          .until(
              () -> {
                ask(session ? channels.forSession(host, port, "m") : channels.to(host, port));
                return attempts.get() >= ATTEMPTS;
              });
    }
  }

  /** Ends every connection until the socket is closed. */
  private static void hangUp(ServerSocket socket, AtomicInteger attempts) {
    try {
      while (true) {
        socket.accept().close();
        attempts.incrementAndGet();
      }
    } catch (IOException closed) {
      // The test is over; had it ended earlier, too few attempts would be counted.
    }
  }

  private static void ask(ManagedChannel channel) {
    try {
      var unused =
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS)
              .check(HealthCheckRequest.getDefaultInstance());
    } catch (StatusRuntimeException e) {
      // UNKNOWN: what grpc-java says when the connection breaks just as something is written.
      assertThat(e.getStatus().getCode()).isIn(Status.Code.UNAVAILABLE, Status.Code.UNKNOWN);
    }
  }
}
