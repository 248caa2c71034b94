package io.flotilla.client.internal;

import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.FlotillaClientException.Details;
import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.TopicPartition;
import io.flotilla.proto.v1.CommitOffsetsRequest;
import io.flotilla.proto.v1.CommitOffsetsResponse;
import io.flotilla.proto.v1.CommitResult;
import io.flotilla.proto.v1.GroupConsumerServiceGrpc;
import io.flotilla.proto.v1.OffsetCommit;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Commits offsets by CommitOffsets rather than on the session's stream: it goes on while the stream
 * is being replaced, each answer belongs to its request, and it may be asked again of any server,
 * because a commit that arrives twice, or late, changes nothing. Never blocks. Safe for many
 * threads.
 */
final class GroupCommits {

  /** As many as one request may hold. */
  private static final int ITEMS_MAX = 1_000;

  /** One attempt is given this long before another server is asked. */
  private static final Duration ATTEMPT_MAX = Duration.ofSeconds(5);

  /** A commit that was not even given up by then is not waited for: the client was closed. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /**
   * One partition's.
   *
   * @param partition the partition
   * @param topicId the incarnation of its topic; 0: whichever has the name
   * @param generation of the assignment; 0: not as a member
   * @param offset the next event to process
   */
  record Item(TopicPartition partition, long topicId, long generation, long offset) {}

  private final String group;
  private final FetchStreams streams;

  GroupCommits(String group, FetchStreams streams) {
    this.group = group;
    this.streams = streams;
  }

  /**
   * Asks until every item has its answer or the time is over. A refused item does not keep others
   * from being committed; the first refusal is what the future fails with.
   *
   * @param committed is told each offset that is committed now
   */
  CompletableFuture<Void> commit(
      List<Item> items, Duration within, BiConsumer<Item, Long> committed) {
    Call call = new Call(items, System.nanoTime() + within.toNanos(), committed);
    call.next();
    return call.done;
  }

  /**
   * One commit with its attempts, one after the other: by turns the caller's, gRPC's, the timer's.
   */
  private final class Call implements StreamObserver<CommitOffsetsResponse> {
    final CompletableFuture<Void> done = new CompletableFuture<>();
    private final ArrayDeque<Item> due;
    private final long deadline;
    private final BiConsumer<Item, Long> committed;
    private final List<TopicPartition> refused = new ArrayList<>();
    private @Nullable Refusal refusal; // the first that no retry heals
    private List<Item> asked = List.of();
    private Route route = Route.proxied(streams.topology().anyServer());
    private int failures;

    Call(List<Item> items, long deadline, BiConsumer<Item, Long> committed) {
      this.due = new ArrayDeque<>(items);
      this.deadline = deadline;
      this.committed = committed;
    }

    void next() {
      if (due.isEmpty()) {
        finish();
        return;
      }
      List<Item> some = new ArrayList<>();
      CommitOffsetsRequest.Builder request = CommitOffsetsRequest.newBuilder().setGroup(group);
      while (!due.isEmpty() && some.size() < ITEMS_MAX) {
        Item item = due.removeFirst();
        some.add(item);
        request.addOffsets(wire(item));
      }
      asked = some;
      route = Route.proxied(streams.topology().anyServer());
      long left = Math.min(deadline - System.nanoTime(), ATTEMPT_MAX.toNanos());
      GroupConsumerServiceGrpc.newStub(streams.channels().to(route))
          .withDeadlineAfter(Math.max(1, left), TimeUnit.NANOSECONDS)
          .commitOffsets(request.build(), this);
    }

    @Override
    public void onNext(CommitOffsetsResponse response) {
      Refusal later = null;
      for (int i = 0; i < asked.size(); i++) {
        Item item = asked.get(i);
        CommitResult result = response.getResults(i);
        if (!result.hasFailure()) {
          committed.accept(item, result.getCommittedOffset());
          continue;
        }
        Refusal why = RefusalReader.read(result.getFailure());
        if (why.retryable()) {
          later = why;
          due.addLast(item);
        } else {
          refusal = refusal == null ? why : refusal;
          refused.add(item.partition());
        }
      }
      asked = List.of();
      if (later == null) {
        failures = 0;
        next();
      } else {
        later(later);
      }
    }

    @Override
    public void onError(Throwable thrown) {
      Refusal why = RefusalReader.read(thrown);
      asked.forEach(due::addFirst);
      asked = List.of();
      if (!why.retryable()) {
        done.completeExceptionally(why.toException());
        return;
      }
      streams.topology().avoid(route);
      later(why);
    }

    @Override
    public void onCompleted() {
      // The answer came before, by onNext.
    }

    private void later(Refusal why) {
      long pause = Backoff.pauseMs(++failures, why);
      if (deadline - System.nanoTime() <= pause * 1_000_000) {
        done.completeExceptionally(
            why.toException(why.kind(), "not committed in time: " + why.message(), List.of()));
      } else {
        streams.later(this::next, pause);
      }
    }

    private void finish() {
      if (refusal == null) {
        done.complete(null);
      } else {
        done.completeExceptionally(
            refusal.toException(
                refusal.kind(), "not committed " + refused + ": " + refusal.message(), List.of()));
      }
    }

    private OffsetCommit wire(Item item) {
      return OffsetCommit.newBuilder()
          .setTopic(item.partition().topic())
          .setTopicId(item.topicId())
          .setPartition(item.partition().partition())
          .setOffset(item.offset())
          .setGeneration(item.generation())
          .build();
    }
  }

  /** Waits for the answer, whatever interrupts, a little longer than the commit was given. */
  static void await(CompletableFuture<Void> commit, Duration within) {
    long deadline = System.nanoTime() + within.toNanos() + GRACE.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          commit.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FlotillaClientException refused) {
        throw refused;
      }
      throw new IllegalStateException("a commit failed in the client", e);
    } catch (TimeoutException e) {
      throw new FlotillaClientException(
          Kind.UNKNOWN, "no answer to a commit", Details.of("DEADLINE_EXCEEDED"), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
