package io.flotilla.node;

import com.google.protobuf.ByteString;
import io.flotilla.node.config.ConfigLoader;
import io.flotilla.node.config.NodeConfig;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.v1.AdminServiceGrpc;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.FetchRequest;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.flotilla.proto.v1.PublishRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a build runs once to learn which classes a node needs, for Java's class-data archive (JEP
 * 350), with which a node starts on less than half of the processor time: a node alone, in a folder
 * that is deleted again, and one event through it. Java writes the archive when this ends.
 */
public final class ArchiveRun {

  private static final String TOPIC = "first";

  /** Whoever waits for this start must not wait for ever. */
  private static final long SECONDS_MAX = 30;

  private ArchiveRun() {}

  public static void main(String[] ignored) throws IOException, InterruptedException {
    CompletableFuture.delayedExecutor(SECONDS_MAX, TimeUnit.SECONDS)
        .execute(() -> Runtime.getRuntime().halt(1));
    Path folder = Files.createTempDirectory("flotilla-archive-");
    try (ServerSocket client = free();
        ServerSocket raft = free();
        ServerSocket http = free()) {
      Files.writeString(
          folder.resolve("node.yaml"),
          """
          node: {id: 1, dir: "%s"}
          cluster:
            nodes: ["1@127.0.0.1:%d:%d"]
          http: {port: %d}
          """
              .formatted(
                  folder.resolve("data"),
                  client.getLocalPort(),
                  raft.getLocalPort(),
                  http.getLocalPort()));
    }
    NodeConfig config = ConfigLoader.load(folder.resolve("node.yaml"), Map.of());
    try (FlotillaNode node =
        new FlotillaNode(
            config,
            (what, why) -> {
              throw new IllegalStateException(what, why);
            })) {
      node.start();
      useOnce(config.self().host() + ":" + config.self().grpcPort());
      askOnce(config.http().port());
    } finally {
      delete(folder);
    }
    // Threads of libraries that end by and by are not waited for.
    System.exit(0);
  }

  private static void useOnce(String server) {
    ManagedChannel channel =
        Grpc.newChannelBuilder(server, InsecureChannelCredentials.create()).build();
    try {
      AdminServiceGrpc.newBlockingStub(channel)
          .createTopic(CreateTopicRequest.newBuilder().setTopic(TOPIC).build());
      ProducerServiceGrpc.newBlockingStub(channel)
          .publish(
              PublishRequest.newBuilder()
                  .setTopic(TOPIC)
                  .addEvents(Event.newBuilder().setValue(ByteString.copyFromUtf8("first")))
                  .build());
      ConsumerServiceGrpc.newBlockingStub(channel)
          .fetch(FetchRequest.newBuilder().setTopic(TOPIC).build());
    } finally {
      channel.shutdownNow();
    }
  }

  private static void askOnce(int http) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http)) {
      socket
          .getOutputStream()
          .write("GET /ready HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    }
  }

  private static ServerSocket free() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> paths = Files.walk(folder)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
