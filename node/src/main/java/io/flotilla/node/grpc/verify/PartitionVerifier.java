package io.flotilla.node.grpc.verify;

import com.google.protobuf.ByteString;
import io.flotilla.node.grpc.verify.ReplicaSource.Told;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.internal.v1.DigestReplicaRequest;
import io.flotilla.proto.internal.v1.DigestReplicaResponse;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.ReplicaVerdict;
import io.flotilla.proto.v1.ReplicaVerification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Compares the replicas of a partition piece by piece, while it is written and trimmed. Where a
 * piece differs it is taken smaller, down to the batch that does; there the majority is right. One
 * use; confined to its thread, which it blocks.
 */
final class PartitionVerifier {

  private static final int PIECE_BYTES = 4 << 20;
  private static final int NARROWING = 8;
  private static final int SETTLING_LOOKS = 100;

  /** How often a piece is read again because replicas are at different steps of compaction. */
  private static final int COMPACTION_LOOKS = 1_000;

  /** Hears how far it is; ends it by an exception. */
  @FunctionalInterface
  interface Progress {
    void reached(long from, long reached, long end);
  }

  private record Content(long reachedOffset, ByteString sha256) {}

  private final PartitionId partition;
  private final ReplicaSource source;
  private final Progress progress;
  private final long pauseNanos;
  private final List<VerifiedReplica> replicas = new ArrayList<>();
  private long at;
  private int pieceBytes = PIECE_BYTES;
  private int compactionLooks;

  /**
   * @param settling how long replicas may take to apply what the first of them has applied
   */
  PartitionVerifier(
      PartitionId partition,
      Collection<Integer> nodes,
      ReplicaSource source,
      Progress progress,
      Duration settling) {
    this.pauseNanos = settling.toNanos() / SETTLING_LOOKS;
    this.partition = partition;
    this.source = source;
    this.progress = progress;
    nodes.stream().sorted().forEach(node -> replicas.add(new VerifiedReplica(node)));
  }

  /** The verdicts, by node. */
  List<ReplicaVerification> run() {
    long wanted = settle();
    long end = comparing().stream().mapToLong(VerifiedReplica::highWatermark).min().orElse(wanted);
    long from = logStart();
    at = from;
    while (at < end && !comparing().isEmpty()) {
      progress.reached(from, at, end);
      comparePiece(end);
    }
    progress.reached(from, at, end);
    compareHistories(from);
    for (VerifiedReplica replica : comparing()) {
      if (end < wanted && replica.highWatermark() < wanted) {
        replica.good(
            ReplicaVerdict.REPLICA_VERDICT_BEHIND,
            "it has applied up to offset " + replica.highWatermark() + " of " + wanted);
      } else {
        replica.good(ReplicaVerdict.REPLICA_VERDICT_EQUAL, "");
      }
    }
    return replicas.stream().map(VerifiedReplica::toProto).toList();
  }

  private List<VerifiedReplica> comparing() {
    return replicas.stream().filter(VerifiedReplica::comparing).toList();
  }

  private long logStart() {
    return comparing().stream().mapToLong(VerifiedReplica::logStart).max().orElse(0);
  }

  /** Waits, not for long, until all have applied what the first of them has; where that ends. */
  private long settle() {
    askNumbers();
    long wanted = comparing().stream().mapToLong(VerifiedReplica::highWatermark).max().orElse(0);
    for (int look = 1; look < SETTLING_LOOKS; look++) {
      if (comparing().stream().allMatch(replica -> replica.highWatermark() >= wanted)) {
        break;
      }
      LockSupport.parkNanos(pauseNanos);
      askNumbers();
    }
    return wanted;
  }

  private void askNumbers() {
    ask(comparing(), request(0, 0, 0)).forEach(VerifiedReplica::numbers);
  }

  private DigestReplicaRequest request(long from, long to, int bytes) {
    return DigestReplicaRequest.newBuilder()
        .setPartitionId(partition.toLong())
        .setFromOffset(from)
        .setToOffset(to)
        .setBytesMax(bytes)
        .build();
  }

  /** The answers; who does not answer is out, unless the piece was only trimmed meanwhile. */
  private Map<VerifiedReplica, DigestReplicaResponse> ask(
      List<VerifiedReplica> asked, DigestReplicaRequest request) {
    Map<Integer, Told> told =
        source.ask(asked.stream().map(VerifiedReplica::node).toList(), request);
    Map<VerifiedReplica, DigestReplicaResponse> answers = new LinkedHashMap<>();
    for (VerifiedReplica replica : asked) {
      Told one = told.get(replica.node());
      DigestReplicaResponse answer = one == null ? null : one.answer();
      if (answer != null) {
        answers.put(replica, answer);
      } else {
        refused(replica, one == null ? null : one.refusal());
      }
    }
    return answers;
  }

  private static void refused(VerifiedReplica replica, @Nullable FlotillaException refusal) {
    if (refusal == null) {
      replica.bad(ReplicaVerdict.REPLICA_VERDICT_UNREACHABLE, 0, "its node did not answer");
    } else if (refusal.reason() != ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE) {
      replica.bad(
          ReplicaVerdict.REPLICA_VERDICT_UNREACHABLE, 0, String.valueOf(refusal.getMessage()));
    }
  }

  /** Compares what follows, and moves on; or marks who is out; or takes less the next time. */
  private void comparePiece(long end) {
    List<VerifiedReplica> all = comparing();
    VerifiedReplica first = all.get(0);
    DigestReplicaResponse measure = ask(List.of(first), request(at, end, pieceBytes)).get(first);
    if (measure == null) {
      skipTrimmed();
      return;
    }
    if (measure.getBatches() == 0 && !measure.getCorrupt().isEmpty()) {
      first.bad(ReplicaVerdict.REPLICA_VERDICT_CORRUPT, at, measure.getCorrupt());
      return;
    }
    List<VerifiedReplica> others = all.subList(1, all.size());
    Map<VerifiedReplica, DigestReplicaResponse> answers = new LinkedHashMap<>();
    answers.put(first, measure);
    answers.putAll(ask(others, request(at, measure.getReachedOffset(), ReplicaDigests.BYTES_MAX)));
    if (answers.size() < comparing().size()) {
      skipTrimmed();
    } else if (isBeingCompacted(answers.values())) {
      if (compactionLooks++ < COMPACTION_LOOKS) {
        LockSupport.parkNanos(pauseNanos);
      } else {
        leaveBehind(answers);
      }
    } else if (answers.values().stream().map(PartitionVerifier::content).distinct().count() == 1) {
      accept(answers);
      pieceBytes = Math.min(PIECE_BYTES, Math.max(1, pieceBytes) * 2);
    } else if (measure.getBatches() > 1) {
      pieceBytes /= NARROWING;
    } else {
      judge(answers);
    }
  }

  /** Some have removed superseded events that others have not yet: they will be equal soon. */
  private static boolean isBeingCompacted(Collection<DigestReplicaResponse> pieces) {
    return pieces.stream().anyMatch(DigestReplicaResponse::getCompactedMeanwhile)
        || pieces.stream().mapToLong(DigestReplicaResponse::getRemovedEvents).distinct().count()
            > 1;
  }

  /** That lasts too long to wait for, and says nothing against anybody. */
  private void leaveBehind(Map<VerifiedReplica, DigestReplicaResponse> answers) {
    long most =
        answers.values().stream()
            .mapToLong(DigestReplicaResponse::getRemovedEvents)
            .max()
            .orElse(0);
    answers.forEach(
        (replica, piece) -> {
          if (piece.getCompactedMeanwhile() || piece.getRemovedEvents() < most) {
            replica.bad(
                ReplicaVerdict.REPLICA_VERDICT_BEHIND, at, "it is at another step of compaction");
          }
        });
  }

  private static Content content(DigestReplicaResponse piece) {
    return new Content(piece.getReachedOffset(), piece.getSha256());
  }

  private void accept(Map<VerifiedReplica, DigestReplicaResponse> answers) {
    answers.forEach(VerifiedReplica::add);
    at = answers.values().iterator().next().getReachedOffset();
  }

  /** Retention went past the piece on some of them: goes on where all have something. */
  private void skipTrimmed() {
    askNumbers();
    at = Math.max(at, logStart());
  }

  /** One batch, and not all have the same. */
  private void judge(Map<VerifiedReplica, DigestReplicaResponse> answers) {
    Map<Content, Map<VerifiedReplica, DigestReplicaResponse>> groups = new LinkedHashMap<>();
    answers.forEach(
        (replica, piece) -> {
          if (piece.getBatches() == 0) {
            replica.bad(ReplicaVerdict.REPLICA_VERDICT_CORRUPT, at, piece.getCorrupt());
          } else {
            groups
                .computeIfAbsent(content(piece), unused -> new LinkedHashMap<>())
                .put(replica, piece);
          }
        });
    int most = groups.values().stream().mapToInt(Map::size).max().orElse(0);
    boolean decided = groups.values().stream().filter(group -> group.size() == most).count() == 1;
    for (Map<VerifiedReplica, DigestReplicaResponse> group : groups.values()) {
      if (decided && group.size() == most) {
        accept(group);
      } else {
        group.forEach(
            (replica, piece) ->
                replica.bad(
                    ReplicaVerdict.REPLICA_VERDICT_DIFFERENT,
                    at,
                    decided
                        ? "most replicas hold another batch here"
                        : "no majority says which replica is right"));
      }
    }
  }

  /** What was trimmed long ago counts, too: equal ends must have equal chains. */
  private void compareHistories(long from) {
    askNumbers();
    for (int look = 1; look < SETTLING_LOOKS && endsDiffer(); look++) {
      LockSupport.parkNanos(pauseNanos / 10);
      askNumbers();
    }
    Map<ByteString, List<VerifiedReplica>> chains = new LinkedHashMap<>();
    if (!endsDiffer()) {
      comparing()
          .forEach(
              replica ->
                  chains
                      .computeIfAbsent(replica.chain(), unused -> new ArrayList<>())
                      .add(replica));
    }
    if (chains.size() > 1) {
      int most = chains.values().stream().mapToInt(List::size).max().orElse(0);
      boolean decided = chains.values().stream().filter(c -> c.size() == most).count() == 1;
      for (List<VerifiedReplica> group : chains.values()) {
        if (!decided || group.size() < most) {
          group.forEach(
              replica ->
                  replica.bad(
                      ReplicaVerdict.REPLICA_VERDICT_DIFFERENT,
                      from,
                      "its hash chain differs: it was given other batches below log start"));
        }
      }
    }
  }

  private boolean endsDiffer() {
    return comparing().stream().mapToLong(VerifiedReplica::highWatermark).distinct().count() > 1;
  }
}
