package io.flotilla.cluster.badinput;

import static io.flotilla.cluster.badinput.BadRequest.TOPIC;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Refusal;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.flotilla.proto.v1.PublishRequest;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bytes that are no request of ours at all. After each of them the node serves as before. */
class BadWireTest {
  private static final int ROUNDS = 50;
  private static final int SOCKET_MILLIS_MAX = 20_000;

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  @BeforeAll
  static void createTopic() {
    cluster.createTopic(TOPIC, BadRequest.PARTITIONS);
  }

  @AfterEach
  void everyNodeIsHealthy() {
    BadRequest.leavesEveryNodeHealthy(cluster);
  }

  @Test
  void messageOverTheLimitIsRefused() {
    PublishRequest huge =
        PublishRequest.newBuilder()
            .setTopic(TOPIC)
            .addEvents(Event.newBuilder().setValue(ByteString.copyFrom(new byte[40 << 20])))
            .build();

    Refusal refusal = Refusal.of(() -> cluster.wire(1).producer().publish(huge));

    assertThat(refusal.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void compressedMessageOverTheLimitIsRefused() {
    PublishRequest huge =
        PublishRequest.newBuilder()
            .setTopic(TOPIC)
            .addEvents(Event.newBuilder().setValue(ByteString.copyFrom(new byte[256 << 20])))
            .build();

    Refusal refusal =
        Refusal.of(() -> cluster.wire(1).producer().withCompression("gzip").publish(huge));

    assertThat(refusal.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void deadlineThatHasPassedIsDeadlineExceeded() {
    Refusal refusal =
        Refusal.of(
            () ->
                cluster
                    .wire(1)
                    .admin()
                    .withDeadlineAfter(-1, TimeUnit.SECONDS)
                    .listTopics(ListTopicsRequest.getDefaultInstance()));

    assertThat(refusal.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
  }

  @Test
  void deadlineOfOneNanosecondOverTheWireHarmsNobody() {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER), "1n");
    var channel =
        ClientInterceptors.intercept(
            cluster.wire(1).channel(), MetadataUtils.newAttachHeadersInterceptor(headers));

    Refusal refusal =
        Refusal.of(
            () ->
                ProducerServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(1, TimeUnit.MILLISECONDS)
                    .publish(PublishRequest.newBuilder().setTopic(TOPIC).build()));

    assertThat(refusal.code()).isIn(Status.Code.DEADLINE_EXCEEDED, Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void unknownMethodIsUnimplemented() {
    Refusal refusal = Refusal.of(() -> call("flotilla.v1.ProducerService/Nothing", new byte[0]));

    assertThat(refusal.code()).isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @Test
  void randomBytesAsMessagesAreRefused() {
    Random random = new Random(Seeds.next("BadWireTest"));
    for (int round = 0; round < ROUNDS; round++) {
      byte[] message = new byte[1 + random.nextInt(2_000)];
      random.nextBytes(message);
      message[0] = 0x0f; // A wire type that does not exist: never a message by accident.

      Refusal refusal = Refusal.of(() -> call("flotilla.v1.ProducerService/Publish", message));

      assertThat(refusal.code())
          .as("%s", refusal)
          .isIn(Status.Code.INTERNAL, Status.Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void headersOverTheLimitAreRefused() {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("padding", Metadata.ASCII_STRING_MARSHALLER), "p".repeat(1 << 20));
    var stub =
        cluster
            .wire(1)
            .admin()
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));

    Refusal refusal = Refusal.of(() -> stub.listTopics(ListTopicsRequest.getDefaultInstance()));

    assertThat(refusal.code()).isNotEqualTo(Status.Code.OK);
  }

  @Test
  void http1IsTurnedAway() {
    assertClosed("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
  }

  @Test
  void tlsHelloOnThePlainPortIsTurnedAway() {
    assertClosed(
        new byte[] {0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  }

  @Test
  void randomBytesOnThePortAreTurnedAway() {
    Random random = new Random(Seeds.next("BadWireTest"));
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = new byte[64 + random.nextInt(4_000)];
      random.nextBytes(bytes);
      assertClosed(bytes);
    }
  }

  /** The node ends a connection that begins with these bytes. */
  private static void assertClosed(byte[] bytes) {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), cluster.node(1).clientPort())) {
      socket.setSoTimeout(SOCKET_MILLIS_MAX);
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      // What it says before it hangs up does not matter; a read that times out fails the test.
      long unused = in.transferTo(OutputStream.nullOutputStream());
    } catch (SocketException e) {
      assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe|abort).*");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] call(String method, byte[] message) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(method)
            .build();
    return ClientCalls.blockingUnaryCall(
        cluster.wire(1).channel(), descriptor, CallOptions.DEFAULT, message);
  }

  /** Messages as they are. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
