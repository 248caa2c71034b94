package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.config.RaftConfig;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.StateMachine;
import io.flotilla.node.store.MemoryStore;
import io.flotilla.node.store.WriteBatch;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.InsecureChannelCredentials;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A follower, real, and a leader that is this test: it sends entries, loses its connection, and
 * sends them again with newer ones behind, as Ratis' own leader does. What the follower confirms it
 * must have, on disk: the leader counts it for a majority.
 */
class HonestFollowerTest {

  private static final long GROUP = 1_000;
  private static final long TERM = 7;
  private static final int ROUNDS = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final RaftGroupId GROUP_ID = GroupIds.toRatis(GROUP);
  private static final ClientId CLIENT = ClientId.randomId();

  @TempDir Path folder;
  private RaftHost follower;
  private ManagedChannel channel;

  /**
   * Open, for a refusal by a long exception breaks the connection, and whose port is closed then is
   * a leader that is gone: the follower would stand for election.
   */
  private ServerSocket leaderPort;

  private long calls;
  private volatile @Nullable Throwable lastRefusal;

  @BeforeEach
  void startFollower() throws IOException {
    leaderPort = new ServerSocket(0);
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    ClusterNode self = new ClusterNode(1, "127.0.0.1", 1, port);
    follower =
        new RaftHost(
            RaftConfig.defaults(),
            folder,
            "1.aa",
            self,
            new MemoryStore(),
            Ignoring::new,
            RaftHostTest.QUIET);
    follower.start();
    follower.addGroup(
        GROUP,
        List.of(
            new GroupPeer("1.aa", "127.0.0.1", port),
            new GroupPeer("2.bb", "127.0.0.1", leaderPort.getLocalPort())));
    channel =
        Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create()).build();
  }

  @AfterEach
  void stopFollower() throws IOException {
    channel.shutdownNow();
    follower.close();
    leaderPort.close();
  }

  @Test
  void whatAFollowerConfirmedItHas() throws InterruptedException {
    assertThat(has(-1)).as("it follows").isTrue();
    long next = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Leading broken = new Leading();
      Leading fresh = new Leading();
      broken.append(next, next + 1);
      fresh.append(next, next + 9);

      long confirmed = Math.max(broken.confirmed(), fresh.confirmed());

      assertThat(confirmed < next || has(confirmed))
          .as("round %d: %d was confirmed, then denied", round, confirmed)
          .isTrue();
      next = Math.max(next, confirmed + 1);
    }
    assertThat(next).as("last refusal: %s", lastRefusal).isGreaterThan(ROUNDS);
  }

  @Test
  void anAnswerForEntriesThatAreNotYetOnDiskLeavesAsARequestForThem() {
    FlushedReplies replies = new FlushedReplies(group -> 41);
    AppendEntriesReplyProto early =
        AppendEntriesReplyProto.newBuilder()
            .setServerReply(RaftRpcReplyProto.newBuilder().setRaftGroupId(groupId()))
            .setResult(AppendResult.SUCCESS)
            .setMatchIndex(42)
            .setNextIndex(43)
            .build();

    AppendEntriesReplyProto honest = replies.honest(early);

    assertThat(honest.getResult()).isEqualTo(AppendResult.INCONSISTENCY);
    assertThat(honest.getNextIndex()).isEqualTo(42);
    AppendEntriesReplyProto flushed = early.toBuilder().setMatchIndex(41).build();
    assertThat(replies.honest(flushed)).isSameAs(flushed);
  }

  /**
   * Whether a leader's heartbeat after this entry is welcome. A follower whose threads have not
   * quite done with the entries refuses it with an exception, which denies nothing: asked again.
   */
  private boolean has(long index) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    AppendResult result = AppendResult.NOT_LEADER;
    while (result == AppendResult.NOT_LEADER && System.nanoTime() - until < 0) {
      Leading heartbeat = new Leading();
      heartbeat.send(request(index + 1).build());
      result = heartbeat.reply().getResult();
      heartbeat.requests.onCompleted();
    }
    return result == AppendResult.SUCCESS;
  }

  private AppendEntriesRequestProto.Builder request(long first) {
    AppendEntriesRequestProto.Builder request =
        AppendEntriesRequestProto.newBuilder()
            .setServerRequest(
                RaftRpcRequestProto.newBuilder()
                    .setRequestorId(bytes("2.bb"))
                    .setReplyId(bytes("1.aa"))
                    .setRaftGroupId(groupId())
                    .setCallId(calls++))
            .setLeaderTerm(TERM)
            .setLeaderCommit(-1);
    if (first > 0) {
      request.setPreviousLog(TermIndexProto.newBuilder().setTerm(TERM).setIndex(first - 1));
    }
    return request;
  }

  private static RaftGroupIdProto groupId() {
    return RaftGroupIdProto.newBuilder().setId(GROUP_ID.toByteString()).build();
  }

  private static org.apache.ratis.thirdparty.com.google.protobuf.ByteString bytes(String text) {
    return org.apache.ratis.thirdparty.com.google.protobuf.ByteString.copyFromUtf8(text);
  }

  private static LogEntryProto entry(long index) {
    return LogEntryProto.newBuilder()
        .setTerm(TERM)
        .setIndex(index)
        .setStateMachineLogEntry(
            StateMachineLogEntryProto.newBuilder()
                .setClientId(CLIENT.toByteString())
                .setCallId(index)
                .setLogData(bytes("x")))
        .build();
  }

  /** One stream of appends from the leader to the follower. */
  private final class Leading implements StreamObserver<AppendEntriesReplyProto> {
    private final BlockingQueue<AppendEntriesReplyProto> replies = new LinkedBlockingQueue<>();
    private final StreamObserver<AppendEntriesRequestProto> requests =
        RaftServerProtocolServiceGrpc.newStub(channel).appendEntries(this);

    void append(long first, long last) {
      AppendEntriesRequestProto.Builder request = request(first);
      LongStream.rangeClosed(first, last).forEach(index -> request.addEntries(entry(index)));
      send(request.build());
    }

    void send(AppendEntriesRequestProto request) {
      requests.onNext(request);
    }

    AppendEntriesReplyProto reply() throws InterruptedException {
      AppendEntriesReplyProto reply = replies.poll(20, TimeUnit.SECONDS);
      assertThat(reply).as("an answer").isNotNull();
      return reply;
    }

    /** The last entry that the follower says it has, or -1. */
    long confirmed() throws InterruptedException {
      AppendEntriesReplyProto reply = reply();
      requests.onCompleted();
      return reply.getResult() == AppendResult.SUCCESS ? reply.getMatchIndex() : -1;
    }

    @Override
    public void onNext(AppendEntriesReplyProto reply) {
      replies.add(reply);
    }

    /** Such as a refusal to append on two threads at once: nothing is confirmed. */
    @Override
    public void onError(Throwable t) {
      lastRefusal = t;
      replies.add(AppendEntriesReplyProto.newBuilder().setResult(AppendResult.NOT_LEADER).build());
    }

    @Override
    public void onCompleted() {}
  }

  /** A state machine to which nothing is ever applied: this leader commits nothing. */
  private record Ignoring(long group) implements StateMachine {
    @Override
    public ByteString apply(Applied at, ByteString command, WriteBatch batch) {
      return ByteString.EMPTY;
    }

    @Override
    public void publish() {}
  }
}
