package io.flotilla.cluster.group;

import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.Acknowledge;
import io.flotilla.proto.v1.AssignedPartition;
import io.flotilla.proto.v1.CommitResult;
import io.flotilla.proto.v1.ConsumeRequest;
import io.flotilla.proto.v1.ConsumeResponse;
import io.flotilla.proto.v1.Delivery;
import io.flotilla.proto.v1.EventPosition;
import io.flotilla.proto.v1.GroupConsumerServiceGrpc;
import io.flotilla.proto.v1.JoinGroup;
import io.flotilla.proto.v1.LeaveGroup;
import io.flotilla.proto.v1.TopicPartition;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A member of a consumer group as a process of its own, on stock stubs: joins, acknowledges each
 * event when it is done with it, and writes down what it is told, a line each, with {@code
 * System.nanoTime}, which all processes of a machine share. When its stream breaks it goes to the
 * next server with its session token. A line "leave" on its input has it leave.
 */
public final class MemberMain {
  private static final long PAUSE_MS = 50;

  private final JoinGroup join;
  private final List<ManagedChannel> channels;
  private final long handlerMs;
  private final PrintStream journal =
      new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
  private final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
  private @Nullable StreamObserver<ConsumeRequest> stream; // guarded by this
  private volatile String token = "";
  private volatile boolean leaving;

  private MemberMain(Map<String, String> options) {
    handlerMs = Long.parseLong(options.getOrDefault("handlerMs", "0"));
    join =
        JoinGroup.newBuilder()
            .setGroup(options.getOrDefault("group", ""))
            .addAllTopics(List.of(options.getOrDefault("topics", "").split(",")))
            .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST))
            .setInstanceId(options.getOrDefault("instance", ""))
            .setClientId(options.getOrDefault("name", ""))
            .setMaxUnackedEvents(Integer.parseInt(options.getOrDefault("unacked", "0")))
            .build();
    channels =
        List.of(options.getOrDefault("servers", "").split(",")).stream()
            .map(at -> Grpc.newChannelBuilder(at, InsecureChannelCredentials.create()).build())
            .toList();
  }

  /** Options as name=value: servers, group, topics, name, instance, handlerMs, unacked. */
  public static void main(String[] args) throws InterruptedException {
    Map<String, String> options = new TreeMap<>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      options.put(arg.substring(0, equals), arg.substring(equals + 1));
    }
    MemberMain member = new MemberMain(options);
    Thread commands = new Thread(member::readCommands, "commands");
    commands.setDaemon(true);
    commands.start();
    member.run();
    System.exit(0);
  }

  private void readCommands() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String line = in.readLine();
      while (line != null) {
        if (line.equals("leave")) {
          leaving = true;
          say(ConsumeRequest.newBuilder().setLeave(LeaveGroup.getDefaultInstance()).build());
        }
        line = in.readLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run() throws InterruptedException {
    for (int turn = 0; !leaving; turn++) {
      ManagedChannel channel = channels.get(turn % channels.size());
      channel.resetConnectBackoff();
      open(channel);
      Status end = ends.take();
      note("ended", end.getCode(), end.getDescription());
      if (end.getCode() == Status.Code.FAILED_PRECONDITION) {
        token = "";
        leaving = String.valueOf(end.getDescription()).contains("instance id");
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    }
  }

  private synchronized void open(ManagedChannel channel) { // guards stream
    stream = GroupConsumerServiceGrpc.newStub(channel).consume(new Session());
    say(ConsumeRequest.newBuilder().setJoin(join.toBuilder().setSessionToken(token)).build());
  }

  private synchronized void say(ConsumeRequest request) { // guards stream
    if (stream != null) {
      stream.onNext(request);
    }
  }

  private void note(@Nullable Object... words) {
    StringBuilder line = new StringBuilder().append(System.nanoTime());
    for (Object word : words) {
      line.append(' ').append(word);
    }
    journal.println(line);
  }

  /** What the member is told. */
  private final class Session implements StreamObserver<ConsumeResponse> {
    @Override
    public void onNext(ConsumeResponse response) {
      switch (response.getResponseCase()) {
        case JOINED -> {
          token = response.getJoined().getSessionToken();
          note("joined", response.getJoined().getMemberId(), response.getJoined().getResumed());
        }
        case ASSIGNED -> response.getAssigned().getPartitionsList().forEach(this::assigned);
        case REVOKED -> each("revoked", response.getRevoked().getPartitionsList());
        case LOST -> each("lost", response.getLost().getPartitionsList());
        case DELIVERY -> delivered(response.getDelivery());
        case ACKED -> response.getAcked().getResultsList().forEach(this::acked);
        case GO_AWAY -> note("goaway");
        case RESPONSE_NOT_SET -> throw new IllegalStateException("an empty response");
      }
    }

    private void assigned(AssignedPartition one) {
      note(
          "assigned",
          one.getTopic(),
          one.getPartition(),
          one.getGeneration(),
          one.getStartOffset());
    }

    private void each(String what, List<TopicPartition> partitions) {
      partitions.forEach(one -> note(what, one.getTopic(), one.getPartition()));
    }

    private void delivered(Delivery delivery) {
      for (ReceivedEvent event : delivery.getEventsList()) {
        note(
            "got",
            delivery.getTopic(),
            event.getPartition(),
            event.getOffset(),
            event.getEvent().getKey().toStringUtf8());
        work();
        say(
            ConsumeRequest.newBuilder()
                .setAck(
                    Acknowledge.newBuilder()
                        .addProcessed(
                            EventPosition.newBuilder()
                                .setTopic(delivery.getTopic())
                                .setPartition(event.getPartition())
                                .setOffset(event.getOffset())))
                .build());
      }
    }

    /** What a handler does; on the stream's own thread, as a naive program would. */
    private void work() {
      if (handlerMs > 0) {
        try {
          TimeUnit.MILLISECONDS.sleep(handlerMs);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private void acked(CommitResult result) {
      if (result.hasFailure()) {
        note("refused", result.getTopic(), result.getPartition(), result.getFailure().getReason());
      } else {
        note("committed", result.getTopic(), result.getPartition(), result.getCommittedOffset());
      }
    }

    @Override
    public void onError(Throwable thrown) {
      ends.add(Status.fromThrowable(thrown));
    }

    @Override
    public void onCompleted() {
      ends.add(Status.OK);
    }
  }
}
