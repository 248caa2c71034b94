package io.flotilla.node.grpc.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.log.LogDigest;
import io.flotilla.node.core.log.LogPlace;
import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.core.log.PartitionGroupMachine;
import io.flotilla.node.grpc.verify.ReplicaSource.Told;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.MemoryStore;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.internal.v1.DigestReplicaRequest;
import io.flotilla.proto.internal.v1.DigestReplicaResponse;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.Compact;
import io.flotilla.proto.state.v1.GroupCommand;
import io.flotilla.proto.state.v1.PartitionCommand;
import io.flotilla.proto.state.v1.PartitionState;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.StoredBatch;
import io.flotilla.proto.v1.ReplicaVerdict;
import io.flotilla.proto.v1.ReplicaVerification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Three replicas with real logs; something is wrong with one, and the verdict names it. */
class PartitionVerifierTest {

  private static final PartitionId P = new PartitionId(7, 0);
  private static final int BATCHES = 300;

  /** One replica's store, filled by commands as Raft would. */
  private static final class Replica {
    final MemoryStore store = new MemoryStore();
    private final PartitionGroupMachine machine =
        new PartitionGroupMachine(1000, store, (partition, start, end) -> {});
    private long index;
    private int appended;

    /** All events have one of ten keys, so nearly all are superseded. */
    void append(String value) {
      Event event =
          Event.newBuilder()
              .setKey(ByteString.copyFromUtf8("key " + appended++ % 10))
              .setValue(ByteString.copyFromUtf8(value))
              .build();
      AppendBatch append =
          AppendBatch.newBuilder()
              .setBatch(BatchCodec.encode(List.of(event), Compression.COMPRESSION_NONE))
              .setFirstSequence(-1)
              .build();
      apply(PartitionCommand.newBuilder().setPartitionId(P.toLong()).setAppend(append));
    }

    void compact() {
      Compact compact =
          Compact.newBuilder()
              .setUpToOffset(BATCHES)
              .setTimeUnixMs(1_000_000)
              .setTombstonesExpireUnixMs(1_000_000)
              .setBytesMax(4 << 20)
              .build();
      apply(PartitionCommand.newBuilder().setPartitionId(P.toLong()).setCompact(compact));
    }

    private void apply(PartitionCommand.Builder partitionCommand) {
      GroupCommand command =
          GroupCommand.newBuilder().setTimeUnixMs(1_000_000).addCommands(partitionCommand).build();
      try (WriteBatch batch = store.newBatch()) {
        machine.apply(new Applied(1, ++index), command.toByteString(), batch);
        store.commit(batch);
      }
    }

    void flipPayloadAt(long offset) {
      byte[] key = Keys.of(LogPlace.first(P).number(), offset);
      StoredBatch batch = new LogReader(store, P).read(offset, offset + 1, 1).get(0);
      byte[] payload = batch.getBatch().getPayload().toByteArray();
      payload[payload.length - 1] ^= 1;
      byte[] row =
          batch.toBuilder()
              .setBatch(batch.getBatch().toBuilder().setPayload(ByteString.copyFrom(payload)))
              .build()
              .toByteArray();
      try (WriteBatch write = store.newBatch()) {
        write.put(Table.EVENTS, key, row);
        store.commit(write);
      }
    }

    DigestReplicaResponse answer(DigestReplicaRequest request) {
      LogReader reader = new LogReader(store, P);
      PartitionState state = reader.state();
      long to = Math.min(request.getToOffset(), state.getNextOffset());
      LogDigest digest = reader.digest(request.getFromOffset(), to, request.getBytesMax());
      return DigestReplicaResponse.newBuilder()
          .setLogStartOffset(state.getLogStartOffset())
          .setHighWatermark(state.getNextOffset())
          .setChain(state.getChain())
          .setReachedOffset(digest.reachedOffset())
          .setBatches(digest.batches())
          .setEvents(digest.events())
          .setBytes(digest.bytes())
          .setSha256(digest.sha256())
          .setCorrupt(digest.corrupt())
          .setRemovedEvents(state.getCompaction().getRemovedEvents())
          .build();
    }
  }

  private final Map<Integer, Replica> replicas = new TreeMap<>();
  private final List<Integer> silent = new ArrayList<>();
  private Runnable whenAsked = () -> {};
  private int asked;
  private final List<Long> reached = new ArrayList<>();

  private void replicas(int count) {
    for (int node = 1; node <= count; node++) {
      replicas.put(node, new Replica());
      for (int i = 0; i < BATCHES; i++) {
        replica(node).append("event " + i);
      }
    }
  }

  private Replica replica(int node) {
    return Objects.requireNonNull(replicas.get(node));
  }

  private Map<Integer, Told> ask(Collection<Integer> nodes, DigestReplicaRequest request) {
    asked++;
    whenAsked.run();
    Map<Integer, Told> told = new HashMap<>();
    for (int node : nodes) {
      told.put(
          node,
          silent.contains(node)
              ? new Told(
                  null,
                  new FlotillaException(ErrorReason.ERROR_REASON_NODE_UNREACHABLE, "no route"))
              : new Told(replica(node).answer(request), null));
    }
    return told;
  }

  private List<ReplicaVerification> verify() {
    return new PartitionVerifier(
            P,
            replicas.keySet(),
            this::ask,
            (from, at, end) -> reached.add(at),
            Duration.ofMillis(200))
        .run();
  }

  private static List<ReplicaVerdict> verdicts(List<ReplicaVerification> found) {
    return found.stream().map(ReplicaVerification::getVerdict).toList();
  }

  @Test
  void equalReplicasAreEqualToTheLastByte() {
    replicas(3);
    List<ReplicaVerification> found = verify();
    assertThat(verdicts(found)).containsOnly(ReplicaVerdict.REPLICA_VERDICT_EQUAL).hasSize(3);
    assertThat(found).allMatch(replica -> replica.getEvents() == BATCHES);
    assertThat(found.stream().map(ReplicaVerification::getChain).distinct()).hasSize(1);
    assertThat(reached).startsWith(0L).endsWith((long) BATCHES).isSorted();
  }

  @Test
  void anEmptyPartitionIsEqual() {
    replicas.put(1, new Replica());
    replicas.put(2, new Replica());
    assertThat(verdicts(verify())).containsOnly(ReplicaVerdict.REPLICA_VERDICT_EQUAL);
  }

  @Test
  void compactedReplicasAreEqual() {
    replicas(3);
    replicas.values().forEach(Replica::compact);
    List<ReplicaVerification> found = verify();
    assertThat(verdicts(found)).containsOnly(ReplicaVerdict.REPLICA_VERDICT_EQUAL).hasSize(3);
    assertThat(found).allMatch(replica -> replica.getEvents() == 10);
  }

  @Test
  void replicasAtDifferentStepsOfCompactionAreWaitedFor() {
    replicas(3);
    replica(1).compact();
    replica(2).compact();
    whenAsked =
        () -> {
          if (asked == 20) {
            replica(3).compact();
          }
        };
    List<ReplicaVerification> found = verify();
    assertThat(verdicts(found)).containsOnly(ReplicaVerdict.REPLICA_VERDICT_EQUAL).hasSize(3);
    assertThat(asked).isGreaterThan(20);
  }

  @Test
  void aReplicaThatDoesNotGetOnWithCompactionIsBehindAndNotDamaged() {
    replicas(3);
    replica(1).compact();
    replica(3).compact();
    List<ReplicaVerification> found = verify();
    assertThat(verdicts(found))
        .containsExactly(
            ReplicaVerdict.REPLICA_VERDICT_EQUAL,
            ReplicaVerdict.REPLICA_VERDICT_BEHIND,
            ReplicaVerdict.REPLICA_VERDICT_EQUAL);
    assertThat(found.get(1).getDetail()).contains("compaction");
  }

  @Test
  void theOneThatWasGivenSomethingElseIsNamedWithItsFirstOffset() {
    for (int node = 1; node <= 3; node++) {
      replicas.put(node, new Replica());
      for (int i = 0; i < BATCHES; i++) {
        replica(node).append("event " + (node == 1 && i == 217 ? "forged" : i));
      }
    }
    List<ReplicaVerification> found = verify();
    assertThat(verdicts(found))
        .containsExactly(
            ReplicaVerdict.REPLICA_VERDICT_DIFFERENT,
            ReplicaVerdict.REPLICA_VERDICT_EQUAL,
            ReplicaVerdict.REPLICA_VERDICT_EQUAL);
    assertThat(found.get(0).getBadOffset()).isEqualTo(217);
    assertThat(found.get(0).getEvents()).isEqualTo(217);
    assertThat(found.get(1).getEvents()).isEqualTo(BATCHES);
  }

  @Test
  void withoutAMajorityNobodyIsBelieved() {
    replicas(2);
    replica(1).append("a");
    replica(2).append("b");
    List<ReplicaVerification> found = verify();
    assertThat(verdicts(found)).containsOnly(ReplicaVerdict.REPLICA_VERDICT_DIFFERENT);
    assertThat(found).allMatch(replica -> replica.getBadOffset() == BATCHES);
    assertThat(found.get(0).getDetail()).contains("no majority");
  }

  @Test
  void aFlippedBitIsCorruptAndTheOthersAreComparedToTheEnd() {
    replicas(3);
    replica(1).flipPayloadAt(100);
    replica(2).flipPayloadAt(200);
    List<ReplicaVerification> found = verify();
    assertThat(verdicts(found))
        .containsExactly(
            ReplicaVerdict.REPLICA_VERDICT_CORRUPT,
            ReplicaVerdict.REPLICA_VERDICT_CORRUPT,
            ReplicaVerdict.REPLICA_VERDICT_EQUAL);
    assertThat(found.get(0).getBadOffset()).isEqualTo(100);
    assertThat(found.get(1).getBadOffset()).isEqualTo(200);
    assertThat(found.get(2).getEvents()).isEqualTo(BATCHES);
  }

  @Test
  void whoDoesNotAnswerIsSaidToBeSo() {
    replicas(3);
    silent.add(2);
    List<ReplicaVerification> found = verify();
    assertThat(found.get(1).getVerdict()).isEqualTo(ReplicaVerdict.REPLICA_VERDICT_UNREACHABLE);
    assertThat(found.get(1).getDetail()).isEqualTo("no route");
    assertThat(found.get(0).getVerdict()).isEqualTo(ReplicaVerdict.REPLICA_VERDICT_EQUAL);
  }

  @Test
  void whoHasNotAppliedAllIsBehindButComparedSoFar() {
    replicas(3);
    replica(1).append("one more");
    replica(3).append("one more");
    List<ReplicaVerification> found = verify();
    assertThat(verdicts(found))
        .containsExactly(
            ReplicaVerdict.REPLICA_VERDICT_EQUAL,
            ReplicaVerdict.REPLICA_VERDICT_BEHIND,
            ReplicaVerdict.REPLICA_VERDICT_EQUAL);
    assertThat(found.get(1).getEvents()).isEqualTo(BATCHES);
  }
}
