package io.flotilla.cluster.check;

import static io.flotilla.cluster.check.Violation.Invariant.ACKNOWLEDGED_IS_KEPT;
import static io.flotilla.cluster.check.Violation.Invariant.AT_MOST_ONCE;
import static io.flotilla.cluster.check.Violation.Invariant.BATCH_IS_WHOLE;
import static io.flotilla.cluster.check.Violation.Invariant.FAILED_IS_ABSENT;
import static io.flotilla.cluster.check.Violation.Invariant.NO_PHANTOM;
import static io.flotilla.cluster.check.Violation.Invariant.ONE_VALUE_PER_OFFSET;
import static io.flotilla.cluster.check.Violation.Invariant.READER_ORDER;
import static io.flotilla.cluster.check.Violation.Invariant.READ_IS_KEPT;
import static io.flotilla.cluster.check.Violation.Invariant.REAL_TIME_ORDER;
import static io.flotilla.cluster.check.Violation.Invariant.REPLICAS_AGREE;
import static io.flotilla.cluster.check.Violation.Invariant.WRITER_ORDER;

import io.flotilla.cluster.check.Fact.Assigned;
import io.flotilla.cluster.check.Fact.BoundsSeen;
import io.flotilla.cluster.check.Fact.CommitSeen;
import io.flotilla.cluster.check.Fact.Committed;
import io.flotilla.cluster.check.Fact.Delivered;
import io.flotilla.cluster.check.Fact.RevisionSeen;
import io.flotilla.cluster.check.Fact.TopicSeen;
import io.flotilla.cluster.check.Fact.TopicStep;
import io.flotilla.cluster.check.Fact.Tried;
import io.flotilla.cluster.check.History.Replica;
import io.flotilla.cluster.check.Violation.Invariant;
import io.flotilla.cluster.check.Write.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges a history in one pass per promise, without search: linear in writes, reads and stored
 * events. Every replica that holds the topic must have been recorded, also an empty one. Confined.
 */
public final class Checker {
  private final History history;
  private final Map<String, Write> writes;
  private final Map<Place, String> values = new HashMap<>();
  private final Set<Place> kept;
  private final Findings findings = new Findings();

  private record Place(int partition, long offset) {
    static Place of(Seen seen) {
      return new Place(seen.partition(), seen.offset());
    }
  }

  private Checker(History history) {
    this.history = history;
    writes = history.writes().stream().collect(Collectors.toMap(Write::value, Function.identity()));
    kept =
        history.replicas().values().stream()
            .flatMap(List::stream)
            .map(Place::of)
            .collect(Collectors.toSet());
  }

  /** Everything that is wrong with the history; empty = nothing. */
  public static List<Violation> check(History history) {
    Checker checker = new Checker(history);
    checker.checkAcknowledged();
    history.replicas().forEach(checker::checkReplica);
    history.readers().forEach(checker::checkReader);
    checker.checkAgreement();
    checker.checkDigests();
    checker.checkBatches();
    checker.checkOffsets();
    checker.checkGroups();
    checker.checkMetadata();
    return checker.findings.all();
  }

  private void checkAcknowledged() {
    Map<Replica, Map<Long, String>> stored = new HashMap<>();
    history
        .replicas()
        .forEach(
            (replica, events) ->
                stored.put(
                    replica,
                    events.stream()
                        .collect(Collectors.toMap(Seen::offset, Seen::value, (a, b) -> a))));
    for (Write write : writes.values()) {
      if (write.outcome() != Outcome.OK) {
        continue;
      }
      claim(new Seen(write.partition(), write.offset(), write.value()), "acknowledged");
      stored.forEach(
          (replica, events) -> {
            String value = events.get(write.offset());
            if (replica.partition() == write.partition() && !write.value().equals(value)) {
              report(ACKNOWLEDGED_IS_KEPT, write + " but " + replica + " holds " + value);
            }
          });
    }
  }

  private void checkReplica(Replica replica, List<Seen> events) {
    String who = replica.toString();
    checkSequence(REPLICAS_AGREE, who, events);
    Set<String> once = new HashSet<>();
    Map<Integer, Write> lastOfWriter = new HashMap<>();
    for (Seen event : events) {
      Write write = checkSeen(who, event);
      if (!once.add(event.value())) {
        report(AT_MOST_ONCE, who + " holds a second time " + event);
      }
      if (write != null) {
        Write before = lastOfWriter.put(write.writer(), write);
        if (before != null && before.sequence() > write.sequence()) {
          report(WRITER_ORDER, who + " holds " + before + " before " + write);
        }
      }
    }
    checkRealTime(who, events);
  }

  private void checkRealTime(String who, List<Seen> events) {
    Write earliest = null;
    for (int i = events.size() - 1; i >= 0; i--) {
      Write write = writes.get(events.get(i).value());
      if (write == null) {
        continue;
      }
      if (earliest != null && earliest.completedNanos() < write.invokedNanos()) {
        report(REAL_TIME_ORDER, who + " holds " + write + " before the older " + earliest);
      }
      if (earliest == null || write.completedNanos() < earliest.completedNanos()) {
        earliest = write;
      }
    }
  }

  private void checkReader(int reader, List<Seen> events) {
    String who = "reader " + reader;
    events.stream()
        .collect(Collectors.groupingBy(Seen::partition))
        .values()
        .forEach(ofPartition -> checkSequence(READER_ORDER, who, ofPartition));
    for (Seen event : events) {
      checkSeen(who, event);
      if (!kept.contains(Place.of(event))) {
        report(READ_IS_KEPT, who + " received " + event + ", which no replica holds");
      }
    }
  }

  private void checkSequence(Invariant invariant, String who, List<Seen> events) {
    long next = 0;
    for (Seen event : events) {
      if (event.offset() != next) {
        report(invariant, who + " has " + event + " where offset " + next + " belongs");
      }
      next = event.offset() + 1;
    }
  }

  private @Nullable Write checkSeen(String who, Seen event) {
    claim(event, who);
    Write write = writes.get(event.value());
    if (write == null) {
      report(NO_PHANTOM, who + " has " + event + ", which nobody wrote");
    } else if (write.outcome() == Outcome.FAILED) {
      report(FAILED_IS_ABSENT, who + " has " + event + " of the failed " + write);
    }
    return write;
  }

  private void claim(Seen event, String who) {
    String first = values.putIfAbsent(Place.of(event), event.value());
    if (first != null && !first.equals(event.value())) {
      report(ONE_VALUE_PER_OFFSET, who + " has " + event + ", elsewhere it is " + first);
    }
  }

  private void checkAgreement() {
    Map<Integer, Map.Entry<Replica, List<Seen>>> first = new HashMap<>();
    for (Map.Entry<Replica, List<Seen>> each : history.replicas().entrySet()) {
      var reference = first.putIfAbsent(each.getKey().partition(), each);
      if (reference != null && !Objects.equals(reference.getValue(), each.getValue())) {
        report(
            REPLICAS_AGREE,
            "%s holds %d events, %s holds %d, and they differ"
                .formatted(
                    reference.getKey(),
                    reference.getValue().size(),
                    each.getKey(),
                    each.getValue().size()));
      }
    }
  }

  private void checkDigests() {
    Map<Integer, Map.Entry<Replica, String>> first = new HashMap<>();
    for (Map.Entry<Replica, String> each : history.digests().entrySet()) {
      var reference = first.putIfAbsent(each.getKey().partition(), each);
      if (reference != null && !reference.getValue().equals(each.getValue())) {
        report(REPLICAS_AGREE, reference + " is not " + each);
      }
    }
  }

  /** Looks at one replica of each partition; that all hold the same is checked apart. */
  private void checkBatches() {
    Map<String, Seen> places = new HashMap<>();
    Set<Integer> partitions = new HashSet<>();
    history
        .replicas()
        .forEach(
            (replica, events) -> {
              if (partitions.add(replica.partition())) {
                events.forEach(event -> places.put(event.value(), event));
              }
            });
    for (List<String> batch : history.batches()) {
      Seen before = null;
      long there = batch.stream().filter(places::containsKey).count();
      if (there != 0 && there != batch.size()) {
        report(BATCH_IS_WHOLE, there + " of " + batch + " are there");
      }
      for (String value : batch) {
        Seen now = places.get(value);
        if (before != null && now != null && now.offset() != before.offset() + 1) {
          report(BATCH_IS_WHOLE, now + " is not right behind " + before);
        }
        before = now;
      }
    }
  }

  private void checkOffsets() {
    BoundsCheck bounds = new BoundsCheck(findings);
    Map<Integer, List<Write>> byPartition =
        writes.values().stream().collect(Collectors.groupingBy(Write::partition));
    byPartition(BoundsSeen.class, BoundsSeen::partition)
        .forEach(
            (partition, seen) ->
                bounds.check(seen, byPartition.getOrDefault(partition, List.of())));
  }

  private void checkGroups() {
    GroupCheck group = new GroupCheck(findings);
    Map<Integer, List<Delivered>> delivered = byPartition(Delivered.class, Delivered::partition);
    Map<Integer, List<Committed>> committed = byPartition(Committed.class, Committed::partition);
    Map<Integer, List<CommitSeen>> seen = byPartition(CommitSeen.class, CommitSeen::partition);
    byPartition(Assigned.class, Assigned::partition)
        .forEach(
            (partition, assigned) ->
                group.check(
                    assigned,
                    delivered.getOrDefault(partition, List.of()),
                    committed.getOrDefault(partition, List.of()),
                    seen.getOrDefault(partition, List.of())));
  }

  private <F extends Fact> Map<Integer, List<F>> byPartition(
      Class<F> kind, Function<F, Integer> partition) {
    return history.facts(kind).stream().collect(Collectors.groupingBy(partition));
  }

  private void checkMetadata() {
    MetadataCheck metadata = new MetadataCheck(findings);
    metadata.checkTopics(history.facts(TopicStep.class), history.facts(TopicSeen.class));
    history.facts(RevisionSeen.class).stream()
        .collect(Collectors.groupingBy(RevisionSeen::pid))
        .values()
        .forEach(metadata::checkRevisions);
    metadata.checkTried(history.facts(Tried.class));
  }

  private void report(Invariant invariant, String facts) {
    findings.report(invariant, facts);
  }
}
