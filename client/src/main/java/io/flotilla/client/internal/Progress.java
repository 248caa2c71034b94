package io.flotilla.client.internal;

import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.FlotillaClientException.Details;
import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.TopicPartition;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a member commits, and when: on request, or by itself what counts as processed, one request
 * under way at a time. State is under the {@link Fetcher}'s monitor.
 */
final class Progress {

  private final Object monitor;
  private final Holdings holdings;
  private final GroupCommits commits;
  private final Duration timeout;

  private boolean sending;
  private @Nullable FlotillaClientException failure;

  Progress(Object monitor, Holdings holdings, GroupCommits commits, Duration timeout) {
    this.monitor = monitor;
    this.holdings = holdings;
    this.commits = commits;
    this.timeout = timeout;
  }

  Duration timeout() {
    return timeout;
  }

  /**
   * Everything that was handed out counts as processed: sends it, without waiting. Throws what
   * became of an earlier one.
   */
  void finished() {
    synchronized (monitor) { // here and below: guards what is not final, and the holdings
      FlotillaClientException earlier = failure;
      if (earlier != null) {
        failure = null;
        throw earlier;
      }
      holdings.all().forEach(each -> each.finished = each.position());
      send();
    }
  }

  private void send() {
    if (sending) {
      return;
    }
    List<Held> due = holdings.all().stream().filter(each -> each.finished > each.sent).toList();
    if (due.isEmpty()) {
      return;
    }
    sending = true;
    due.forEach(each -> each.sent = each.finished);
    var unused =
        commit(due.stream().map(each -> each.commit(each.finished)).toList(), timeout)
            .whenComplete((ok, thrown) -> sent(due, thrown));
  }

  private void sent(List<Held> due, @Nullable Throwable thrown) {
    synchronized (monitor) {
      sending = false;
      if (thrown == null) {
        send();
        return;
      }
      due.forEach(each -> each.sent = each.committed);
      if (!isFenced(thrown)) {
        failure =
            thrown instanceof FlotillaClientException refused
                ? refused
                : new FlotillaClientException(
                    Kind.UNKNOWN, "a commit failed", Details.of("INTERNAL"), thrown);
      }
    }
  }

  /** Whoever is fenced is told that the partition is lost: that is no failure of its own. */
  private static boolean isFenced(Throwable thrown) {
    return thrown instanceof FlotillaClientException refused
        && refused.reason() == ErrorReason.ERROR_REASON_MEMBER_FENCED;
  }

  /** Commits what was processed of these, and waits; that they are lost is told elsewhere. */
  void settle(Collection<Held> some) {
    List<GroupCommits.Item> items;
    synchronized (monitor) {
      items =
          some.stream()
              .filter(each -> holdings.has(each) && each.position() > each.committed)
              .map(each -> each.commit(each.position()))
              .toList();
    }
    try {
      GroupCommits.await(commit(items, timeout), timeout);
    } catch (FlotillaClientException e) {
      if (!isFenced(e)) {
        throw e;
      }
    }
  }

  /** Commits everything that was handed out. */
  CompletableFuture<Void> all() {
    List<GroupCommits.Item> items = new ArrayList<>();
    List<TopicPartition> lost;
    synchronized (monitor) {
      lost = holdings.lostInSilence();
      for (Held each : holdings.all()) {
        if (each.position() > each.committed) {
          items.add(each.commit(each.position()));
        }
      }
    }
    return refusing(commit(items, timeout), lost);
  }

  CompletableFuture<Void> these(Map<TopicPartition, Long> offsets) {
    List<GroupCommits.Item> items = new ArrayList<>();
    List<TopicPartition> foreign = new ArrayList<>();
    synchronized (monitor) {
      offsets.forEach(
          (partition, offset) -> {
            Held one = holdings.get(partition);
            if (one == null) {
              foreign.add(partition);
            } else {
              items.add(one.commit(offset));
            }
          });
    }
    return refusing(commit(items, timeout), foreign);
  }

  private static CompletableFuture<Void> refusing(
      CompletableFuture<Void> commit, List<TopicPartition> partitions) {
    return partitions.isEmpty()
        ? commit
        : commit.thenCompose(ok -> CompletableFuture.failedFuture(fenced(partitions)));
  }

  private static FlotillaClientException fenced(List<TopicPartition> partitions) {
    return new FlotillaClientException(
        Kind.REFUSED,
        "not committed " + partitions + ": no longer this member's",
        new Details(
            ErrorReason.ERROR_REASON_MEMBER_FENCED,
            "FAILED_PRECONDITION",
            Map.of(),
            null,
            List.of()),
        null);
  }

  private CompletableFuture<Void> commit(List<GroupCommits.Item> items, Duration within) {
    return commits.commit(items, within, this::committed);
  }

  private void committed(GroupCommits.Item item, long offset) {
    synchronized (monitor) {
      Held one = holdings.get(item.partition());
      if (one != null && one.generation == item.generation()) {
        one.committed = Math.max(one.committed, offset);
      }
    }
  }
}
