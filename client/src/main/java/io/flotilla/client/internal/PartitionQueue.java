package io.flotilla.client.internal;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.Position;
import io.flotilla.client.ProducerOptions;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.PublishBatch;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The way of one partition's batches: each is written once, in order, or its caller is told
 * otherwise. Safe for many threads by its own lock; futures are completed outside it.
 *
 * <pre>
 *   open ──full, or nothing under way──▶ pending ──numbered, sent──▶ unacked ──Ack──▶ done
 *                                           ▲                          │
 *                                           └── fresh identity ────────┤ refused or lost:
 *                                                                      ▼ send nothing until every
 *                                             same numbers again ◀── answer is in, then recover
 * </pre>
 *
 * <p>Numbers (sequences) are given when a batch is first sent and kept when it is repeated, so the
 * cluster recognises what it has. The rules:
 *
 * <ul>
 *   <li><b>Order.</b> {@code unacked} is in order of numbers and at most five long, which is what
 *       the cluster remembers. Until an identity's first Ack in this partition only one batch is
 *       under way, because a partition that does not know a producer takes any number as its first.
 *   <li><b>Refused, may be repeated</b> (no leader, throttled), or <b>lost</b>: the later ones are
 *       refused as SEQUENCE_GAP or lost too. When all is answered, everything is sent again with
 *       the same numbers, to wherever the leader is now. Lost ones are {@code uncertain} then.
 *   <li><b>Refused for good</b>: its futures fail and its numbers become a hole. When nothing is
 *       under way and none of the later batches is uncertain, these take the numbers over from the
 *       hole. Otherwise they are repeated as they are: the hole makes sure that SEQUENCE_GAP is the
 *       answer, which proves that they are not written, and then they go under a fresh identity.
 *       (Numbers may not be reused while an old copy could still arrive: it would fit after the
 *       renumbered one.)
 *   <li><b>Refused for good, but perhaps written</b> by an earlier attempt: fails as UNKNOWN. What
 *       follows keeps its numbers. If it was written they are accepted; if not, SEQUENCE_GAP proves
 *       that they are not, and they go under a fresh identity.
 *   <li><b>Too late</b> with unknown outcome: what is under way or uncertain fails as UNKNOWN; what
 *       follows goes under a fresh identity, since the numbers after an unknown one are unknown.
 *   <li><b>Identity</b> changes only while nothing is numbered.
 * </ul>
 */
final class PartitionQueue {

  final String topic;
  final int partition;
  private final Sender sender;
  private final ProducerOptions options;
  private final Outcomes outcomes;

  private final Accumulator pending;
  private final Unacked unacked = new Unacked();
  private @Nullable Session session;
  private @Nullable PublishConnection connection;
  private @Nullable Refusal last;

  private int generationLeast = 1;
  private int failures; // in a row
  private boolean proven; // the partition has acknowledged a batch of this identity
  private boolean draining; // send nothing until nothing is in flight
  private boolean paused; // send nothing until the timer says so

  PartitionQueue(String topic, int partition, Sender sender, ProducerOptions options) {
    this.topic = topic;
    this.partition = partition;
    this.sender = sender;
    this.options = options;
    this.pending = new Accumulator(options);
    this.outcomes = new Outcomes(topic, partition, sender);
  }

  /** Takes an event whose bytes are reserved. True when its batch takes no more events. */
  boolean append(Event event, long timestamp, int bodySize, CompletableFuture<Position> future) {
    boolean[] batchGone = new boolean[1];
    locked(
        () -> {
          int limit = sender.batchBytesLimit();
          int itemSize = EventEncoder.itemSize(bodySize);
          boolean begun = pending.makeRoom(itemSize, limit);
          if (begun && !options.linger().isZero()) {
            sender.later(this::wake, options.linger().toMillis() + 1);
          }
          Batch batch = pending.add(event, timestamp, bodySize, future);
          // Full for events like this one: those without a key then go to another partition.
          if (batch.full(limit) || !batch.fits(itemSize, limit)) {
            pending.seal();
          }
          pump();
          batchGone[0] = !pending.isOpen(batch);
        });
    return batchGone[0];
  }

  /**
   * Sends without waiting for company; gives what completes when all events so far are answered.
   */
  List<CompletableFuture<Void>> flush() {
    List<CompletableFuture<Void>> done = new ArrayList<>();
    locked(
        () -> {
          unacked.all().forEach(batch -> done.add(batch.done));
          pending.forEach(batch -> done.add(batch.done));
          pending.hurry();
          pump();
        });
    return done;
  }

  /** There may be something to send now: room, an identity, the end of lingering. */
  void wake() {
    locked(this::pump);
  }

  void onAck(PublishConnection from, Batch batch, long firstOffset, boolean duplicate) {
    locked(
        () -> {
          if (batch.on == from) { // else its caller has been told UNKNOWN meanwhile
            unacked.answered(batch);
            written(batch, firstOffset, duplicate);
            settle();
          }
        });
  }

  void onReject(PublishConnection from, Batch batch, Refusal refusal) {
    locked(
        () -> {
          if (batch.on == from) {
            unacked.answered(batch);
            last = refusal;
            rejected(from, batch, refusal);
            settle();
          }
        });
  }

  void onLost(PublishConnection from, Refusal refusal) {
    locked(
        () -> {
          last = refusal;
          draining |= unacked.lost(from);
          if (connection == from) {
            connection = null;
            if (refusal.is(ErrorReason.ERROR_REASON_PRODUCER_FENCED)) {
              fenced(from, refusal, null);
            } else if (refusal.retryable() || refusal.outcomeUnknown()) {
              pause(from.route(), refusal);
            } else {
              failEverything(refusal);
            }
          }
          settle();
        });
  }

  /** Nothing of this producer can be written any more, for the reason given. */
  void fail(Refusal refusal) {
    locked(() -> failEverything(refusal));
  }

  /** Fails what has taken longer than the delivery timeout. For the timer. */
  void expire(long nowNanos) {
    locked(
        () -> {
          if (unacked.any(batch -> batch.inDoubt() && expired(batch, nowNanos))) {
            abandon(timedOut(true));
          }
          Batch head = unacked.head();
          while (unacked.inFlight() == 0 && head != null && expired(head, nowNanos)) {
            unacked.removeUnwritten(head);
            outcomes.failed(head, timedOut(false));
            head = unacked.head();
          }
          pending.removeWhile(
              batch -> expired(batch, nowNanos), batch -> outcomes.failed(batch, timedOut(false)));
          settle();
        });
  }

  /** Runs a change under the lock that guards every field, then tells the callers. */
  private void locked(Runnable change) {
    List<Runnable> news;
    synchronized (this) {
      change.run();
      news = outcomes.take();
    }
    news.forEach(Runnable::run);
  }

  // ---- below: called with the lock held ----

  private void pump() {
    while (!draining && !paused && unacked.inFlight() < (proven ? options.inFlightBatches() : 1)) {
      Batch repeat = unacked.nextRepeat();
      Batch batch = repeat == null ? pending.next(unacked.isEmpty()) : repeat;
      if (batch == null) {
        return;
      }
      Session as = session();
      PublishConnection to = as == null ? null : connection(as);
      if (to == null) {
        return;
      }
      if (repeat == null) {
        unacked.number(batch);
      }
      switch (to.offer(this, batch, request(batch))) {
        case SENT -> sent(batch, repeat != null);
        case GONE -> connection = null;
        case WAIT -> {
          return;
        }
      }
    }
  }

  private PublishBatch.Builder request(Batch batch) {
    return PublishBatch.newBuilder()
        .setTopic(topic)
        .setPartition(partition)
        .setFirstSequence(batch.firstSequence)
        .setEncoded(batch.encoded(options.compression()))
        .setTraceparent(batch.traceparent);
  }

  private void sent(Batch batch, boolean again) {
    if (again) {
      unacked.sentAgain();
    } else {
      pending.removeFirst();
      unacked.sentFirst(batch);
    }
    sender.counters().sent(batch.encoded(options.compression()).getPayload().size(), batch.sent);
    batch.sent = true;
    batch.gap = false;
  }

  /** The identity to use; null when one has been asked for. */
  private @Nullable Session session() {
    if (unacked.isEmpty()) {
      Session newest = sender.session();
      if (newest == null || newest.generation() < generationLeast) {
        sender.askForSession(this, generationLeast);
        return null;
      }
      if (!newest.equals(session)) {
        session = newest;
        connection = null;
        proven = false;
        unacked.clear();
      }
    }
    return session;
  }

  /** The stream to use; null when it can only be changed after the answers that are awaited. */
  private @Nullable PublishConnection connection(Session as) {
    Route best = sender.route(topic, partition);
    PublishConnection now = connection;
    boolean leave = now == null || now.gone() || (best.direct() && !best.equals(now.route()));
    if (unacked.inFlight() > 0) {
      return leave ? null : now;
    }
    if (now == null || leave || !best.equals(now.route())) {
      now = sender.connect(best, as);
      connection = now;
    }
    return now;
  }

  private void rejected(PublishConnection from, Batch batch, Refusal refusal) {
    boolean tooOld = refusal.is(ErrorReason.ERROR_REASON_DUPLICATE_TOO_OLD);
    if (tooOld && batch.uncertain) {
      written(batch, Position.OFFSET_UNKNOWN, true);
    } else if (tooOld || refusal.is(ErrorReason.ERROR_REASON_SEQUENCE_GAP)) {
      // What was never in doubt cannot be a repetition: then its number was another's.
      batch.gap = true;
      draining = true;
    } else if (refusal.is(ErrorReason.ERROR_REASON_PRODUCER_FENCED)) {
      fenced(from, refusal, batch);
    } else if (refusal.retryable()) {
      batch.uncertain |= refusal.outcomeUnknown();
      draining = true;
      pause(from.route(), refusal);
    } else {
      refusedForGood(batch, refusal);
    }
  }

  /** After an answer: when all are in, recover from what went wrong; then go on sending. */
  private void settle() {
    if (unacked.inFlight() == 0) {
      draining = false;
      Batch head = unacked.head();
      if (!unacked.closeHole() && head != null && head.gap) {
        freshIdentity(unacked.clear());
      }
    }
    pump();
  }

  /** What was numbered is certainly not written: it goes back, to be numbered anew. */
  private void freshIdentity(List<Batch> unwritten) {
    unwritten.forEach(Batch::settleAsUnwritten);
    pending.putBack(unwritten);
    Session old = session;
    if (old != null) {
      generationLeast = Math.max(generationLeast, old.generation() + 1);
    }
    session = null;
    draining = false;
  }

  /** Gives up what may have been written, and the identity with it. */
  private void abandon(FlotillaClientException why) {
    List<Batch> unwritten = new ArrayList<>();
    for (Batch batch : unacked.clear()) {
      if (batch.inDoubt()) {
        batch.on = null;
        outcomes.failed(batch, why);
      } else {
        unwritten.add(batch);
      }
    }
    freshIdentity(unwritten);
  }

  private void refusedForGood(Batch batch, Refusal refusal) {
    if (refusal.code() == Status.Code.NOT_FOUND
        || refusal.is(ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION)) {
      sender.forget(topic);
    }
    draining = true;
    if (batch.uncertain || refusal.outcomeUnknown()) {
      unacked.removeUnknown(batch);
      outcomes.failed(batch, refusal.toException(Kind.UNKNOWN, refusal.message(), List.of()));
    } else {
      unacked.removeUnwritten(batch);
      outcomes.failed(batch, refusal.toException());
    }
  }

  private void fenced(PublishConnection from, Refusal refusal, @Nullable Batch batch) {
    Session newest = sender.session();
    if (newest == null || newest.generation() == from.session().generation()) {
      failEverything(refusal);
      outcomes.add(() -> sender.failAll(refusal));
    } else if (batch != null && !batch.uncertain) {
      // Fenced by this producer's own next epoch, which another partition needed.
      batch.gap = true;
      draining = true;
    } else {
      abandon(refusal.toException(Kind.UNKNOWN, refusal.message(), List.of()));
    }
  }

  private void failEverything(Refusal refusal) {
    abandon(refusal.toException(Kind.UNKNOWN, refusal.message(), List.of()));
    pending.removeWhile(batch -> true, batch -> outcomes.failed(batch, refusal.toException()));
  }

  private void pause(Route asked, Refusal refusal) {
    sender.correct(topic, partition, asked, refusal);
    failures++;
    if (!paused && (failures > 1 || refusal.leader() == null)) {
      paused = true;
      sender.later(() -> locked(this::resume), Backoff.pauseMs(failures, refusal));
    }
  }

  private void resume() {
    paused = false;
    pump();
  }

  private void written(Batch batch, long firstOffset, boolean duplicate) {
    unacked.removeWritten(batch);
    failures = 0;
    proven = true;
    outcomes.written(batch, firstOffset, duplicate);
  }

  private boolean expired(Batch batch, long nowNanos) {
    return nowNanos - batch.createdNanos >= options.deliveryTimeout().toNanos();
  }

  private FlotillaClientException timedOut(boolean maybeWritten) {
    return outcomes.timedOut(maybeWritten, last, options.deliveryTimeout().toMillis());
  }
}
