package io.flotilla.cli;

import io.flotilla.cli.output.Terminal;
import io.flotilla.proto.v1.AdminServiceGrpc;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.flotilla.proto.v1.ListTopicsResponse;
import io.flotilla.proto.v1.Topic;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * What the start script runs once a build to learn which classes commands need, for Java's
 * class-data archive. Shows nothing, changes nothing, and needs no cluster: it asks a port where
 * nobody listens, and then one where a server says that there is a topic and knows of nothing else,
 * which is enough to learn how to connect and how to hear an answer.
 */
final class ArchiveRun {

  private static final String NOBODY = "127.0.0.1:1";

  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("topic", "list"),
          List.of("cluster", "describe", "-o", "json"),
          List.of("publish", "orders", "--value", "x"),
          List.of("subscribe", "orders"),
          List.of("search", "orders", "--key", "x"),
          List.of("top"));

  /** A server, as far as it is needed here. */
  private static final class Topics extends AdminServiceGrpc.AdminServiceImplBase {
    @Override
    public void listTopics(
        ListTopicsRequest request, StreamObserver<ListTopicsResponse> responseObserver) {
      responseObserver.onNext(
          ListTopicsResponse.newBuilder()
              .addTopics(Topic.newBuilder().setName("orders").setTopicId(1).setPartitionCount(1))
              .build());
      responseObserver.onCompleted();
    }
  }

  private ArchiveRun() {}

  public static void main(String[] ignored) throws IOException {
    Terminal nowhere =
        new Terminal(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            "",
            Map.of());
    Main.run(new String[] {"--help"}, nowhere);
    Main.run(new String[] {"version", "-o", "json"}, nowhere);
    Main.run(new String[] {"topic", "create", "--help"}, nowhere);
    Server server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create())
            .addService(new Topics())
            .build()
            .start();
    try {
      for (String asked : List.of(NOBODY, "127.0.0.1:" + server.getPort())) {
        for (List<String> command : COMMANDS) {
          Main.run(asking(command, asked), nowhere);
        }
      }
    } finally {
      server.shutdownNow();
    }
  }

  private static String[] asking(List<String> command, String server) {
    String[] words = command.toArray(new String[command.size() + 4]);
    int next = command.size();
    words[next++] = "-s";
    words[next++] = server;
    words[next++] = "--timeout";
    words[next] = "500ms";
    return words;
  }
}
