package io.flotilla.cluster.workload;

import io.flotilla.cluster.check.Fact;
import io.flotilla.cluster.check.History;
import io.flotilla.cluster.check.Violation.Invariant;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.Acknowledge;
import io.flotilla.proto.v1.AssignedPartition;
import io.flotilla.proto.v1.CommitOffsetsRequest;
import io.flotilla.proto.v1.CommitResult;
import io.flotilla.proto.v1.ConsumeRequest;
import io.flotilla.proto.v1.ConsumeResponse;
import io.flotilla.proto.v1.Delivery;
import io.flotilla.proto.v1.EventPosition;
import io.flotilla.proto.v1.JoinGroup;
import io.flotilla.proto.v1.OffsetCommit;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A place in a consumer group that one member after the other takes, on the stock stub: joins,
 * acknowledges each event, and after a few seconds dies without a word (or leaves, or goes on over
 * a new stream). The dead come back as ghosts, which commit under the generations that they had.
 */
final class GroupMember extends Client {
  private static final int LIFE_MS_MIN = 4_000;
  private static final int LIFE_MS_MAX = 15_000;

  private final String topic;
  private final String group;
  private final String name;
  private final History history;
  private final Map<Integer, Long> haunting = new HashMap<>();
  private String token = "";
  private int lives;

  GroupMember(
      TestCluster cluster, Target target, String group, int number, long seed, History history) {
    super(cluster, "member-" + number, seed, target.pauseMillis());
    this.topic = target.topic();
    this.group = group;
    this.name = "member-" + number;
    this.history = history;
  }

  @Override
  void step() {
    if (token.isEmpty()) {
      lives++;
    }
    Life life = new Life(name + "." + lives);
    var stream = (ClientCallStreamObserver<ConsumeRequest>) anyWire().members().consume(life);
    life.begin(stream);
    int lasts = LIFE_MS_MIN + random.nextInt(LIFE_MS_MAX - LIFE_MS_MIN);
    boolean broken = life.awaitEnd(lasts);
    if (!life.isOver() && (broken || random.nextInt(3) == 0)) {
      token = life.token(); // The same member, on its next stream.
      life.cut();
    } else {
      token = "";
      haunting.putAll(life.generations());
      life.cut();
      haunt();
    }
  }

  /** What the dead had is with others now: whatever they say must be refused. */
  private void haunt() {
    for (Map.Entry<Integer, Long> had : haunting.entrySet()) {
      Fact.Assigned newest = newest(had.getKey());
      if (newest != null && newest.generation() > had.getValue()) {
        commitAsGhost(had.getKey(), had.getValue());
      }
    }
  }

  private Fact.@Nullable Assigned newest(int partition) {
    Fact.Assigned newest = null;
    for (Fact.Assigned one : history.facts(Fact.Assigned.class)) {
      if (one.partition() == partition
          && (newest == null || one.generation() > newest.generation())) {
        newest = one;
      }
    }
    return newest;
  }

  /** An offset that would do no harm, if it were taken, but for being taken. */
  private void commitAsGhost(int partition, long generation) {
    boolean accepted = false;
    try {
      CommitResult result =
          anyWire()
              .offsets()
              .commitOffsets(
                  CommitOffsetsRequest.newBuilder()
                      .setGroup(group)
                      .addOffsets(
                          OffsetCommit.newBuilder()
                              .setTopic(topic)
                              .setPartition(partition)
                              .setOffset(0)
                              .setGeneration(generation))
                      .build())
              .getResults(0);
      accepted = !result.hasFailure();
    } catch (StatusRuntimeException e) {
      if (!isPassing(e) && Refusal.from(e).reason() != ErrorReason.ERROR_REASON_MEMBER_FENCED) {
        throw e;
      }
    }
    history.saw(
        new Fact.Tried(
            Invariant.COMMIT_OF_OWNER_ONLY,
            "a ghost of generation " + generation + " commits partition " + partition,
            accepted,
            System.nanoTime()));
  }

  /** One stream of one member. Answers come on gRPC's threads, one at a time. */
  private final class Life implements StreamObserver<ConsumeResponse> {
    private final String member;
    private final Map<Integer, Long> generations = new HashMap<>(); // guarded by this
    private final Map<Integer, ArrayDeque<Sent>> pending = new HashMap<>(); // guarded by this
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile String own = "";
    private volatile boolean over;
    private volatile @Nullable ClientCallStreamObserver<ConsumeRequest> stream;

    /** An acknowledgement under way: everything below the offset. */
    private record Sent(long offset, long generation, long atNanos) {}

    Life(String member) {
      this.member = member;
      this.own = token;
    }

    void begin(ClientCallStreamObserver<ConsumeRequest> requests) {
      stream = requests;
      requests.onNext(
          ConsumeRequest.newBuilder()
              .setJoin(
                  JoinGroup.newBuilder()
                      .setGroup(group)
                      .addTopics(topic)
                      .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST))
                      .setSessionToken(token)
                      .setClientId(member))
              .build());
    }

    /** Whether the stream ended by itself within the time. */
    boolean awaitEnd(long millis) {
      try {
        for (long waited = 0; waited < millis && !isStopped(); waited += 100) {
          if (ended.await(100, TimeUnit.MILLISECONDS)) {
            return true;
          }
        }
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    void cut() {
      ClientCallStreamObserver<ConsumeRequest> requests = stream;
      if (requests != null) {
        requests.cancel("the member dies", null);
      }
    }

    String token() {
      return own;
    }

    /** The membership was ended: whoever says its token again is refused for ever. */
    boolean isOver() {
      return over;
    }

    synchronized Map<Integer, Long> generations() { // guards generations
      return Map.copyOf(generations);
    }

    @Override
    public synchronized void onNext(ConsumeResponse response) { // guards generations, pending
      switch (response.getResponseCase()) {
        case JOINED -> own = response.getJoined().getSessionToken();
        case ASSIGNED -> response.getAssigned().getPartitionsList().forEach(this::assigned);
        case DELIVERY -> delivered(response.getDelivery());
        case ACKED -> response.getAcked().getResultsList().forEach(this::acked);
        default -> {}
      }
    }

    private void assigned(AssignedPartition one) {
      generations.put(one.getPartition(), one.getGeneration());
      history.saw(
          new Fact.Assigned(
              member,
              one.getPartition(),
              one.getGeneration(),
              one.getStartOffset(),
              System.nanoTime()));
    }

    private void delivered(Delivery delivery) {
      Acknowledge.Builder ack = Acknowledge.newBuilder();
      for (ReceivedEvent event : delivery.getEventsList()) {
        int partition = event.getPartition();
        long now = System.nanoTime();
        history.saw(new Fact.Delivered(member, partition, event.getOffset(), now));
        ack.addProcessed(
            EventPosition.newBuilder()
                .setTopic(topic)
                .setPartition(partition)
                .setOffset(event.getOffset()));
        pending
            .computeIfAbsent(partition, any -> new ArrayDeque<>())
            .add(new Sent(event.getOffset() + 1, generations.getOrDefault(partition, 0L), now));
      }
      ClientCallStreamObserver<ConsumeRequest> requests = stream;
      if (requests != null) {
        requests.onNext(ConsumeRequest.newBuilder().setAck(ack).build());
      }
    }

    private void acked(CommitResult result) {
      ArrayDeque<Sent> sent = pending.getOrDefault(result.getPartition(), new ArrayDeque<>());
      Sent last = null;
      while (!sent.isEmpty() && sent.peek().offset() <= result.getCommittedOffset()) {
        last = sent.poll();
      }
      if (last != null && !result.hasFailure()) {
        history.saw(
            new Fact.Committed(
                member,
                result.getPartition(),
                result.getCommittedOffset(),
                last.generation(),
                last.atNanos(),
                System.nanoTime()));
      }
    }

    @Override
    public void onError(Throwable failure) {
      over =
          failure instanceof StatusRuntimeException refused
              && Refusal.from(refused).reason() == ErrorReason.ERROR_REASON_MEMBER_FENCED;
      ended.countDown();
    }

    @Override
    public void onCompleted() {
      ended.countDown();
    }
  }
}
