package io.flotilla.cluster.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.check.History.Invocation;
import io.flotilla.cluster.check.Violation.Invariant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge itself is judged: a good history passes, and each anomaly made by hand is found. */
class CheckerTest {
  private static final int NODES = 3;

  private final History history = new History();
  private final List<Seen> log = new ArrayList<>();

  @Test
  void goodHistoryPasses() {
    acknowledged("a");
    acknowledged("b");
    appendedWithoutAnswer("c");
    everyReplicaHolds(log);
    everythingIsRead();

    assertThat(Checker.check(history)).isEmpty();
  }

  @Test
  void lostWriteIsFound() {
    acknowledged("a");
    acknowledged("b");
    everyReplicaHolds(log.subList(0, 1));

    assertFound(Invariant.ACKNOWLEDGED_IS_KEPT);
  }

  @Test
  void writeThatOneReplicaLacksIsFound() {
    acknowledged("a");
    everyReplicaHolds(log);
    history.holds(0, 2, List.of());

    assertFound(Invariant.ACKNOWLEDGED_IS_KEPT);
    assertFound(Invariant.REPLICAS_AGREE);
  }

  @Test
  void failedWriteThatAppearsIsFound() {
    history.invoke(1, 0, "a").failed();
    log.add(new Seen(0, 0, "a"));
    everyReplicaHolds(log);

    assertFound(Invariant.FAILED_IS_ABSENT);
  }

  @Test
  void eventThatNobodyWroteIsFound() {
    acknowledged("a");
    log.add(new Seen(0, 1, "b"));
    everyReplicaHolds(log);

    assertFound(Invariant.NO_PHANTOM);
  }

  @Test
  void readThatVanishesIsFound() {
    appendedWithoutAnswer("a");
    history.read(1, log.get(0));
    everyReplicaHolds(List.of());

    assertFound(Invariant.READ_IS_KEPT);
  }

  @Test
  void laterWriteAtSmallerOffsetIsFound() {
    history.invoke(1, 0, "a").acknowledged(0, 1);
    history.invoke(2, 0, "b").acknowledged(0, 0);
    log.addAll(List.of(new Seen(0, 0, "b"), new Seen(0, 1, "a")));
    everyReplicaHolds(log);

    assertFound(Invariant.REAL_TIME_ORDER);
  }

  @Test
  void twoValuesAtOneOffsetAreFound() {
    acknowledged("a");
    history.invoke(2, 0, "b");
    everyReplicaHolds(log);
    history.read(1, new Seen(0, 0, "b"));

    assertFound(Invariant.ONE_VALUE_PER_OFFSET);
  }

  @Test
  void reorderedWriterIsFound() {
    history.invoke(1, 0, "a");
    history.invoke(1, 1, "b");
    log.addAll(List.of(new Seen(0, 0, "b"), new Seen(0, 1, "a")));
    everyReplicaHolds(log);

    assertFound(Invariant.WRITER_ORDER);
  }

  @Test
  void gapOfReaderIsFound() {
    acknowledged("a");
    acknowledged("b");
    acknowledged("c");
    everyReplicaHolds(log);
    history.read(1, log.get(0));
    history.read(1, log.get(2));

    assertFound(Invariant.READER_ORDER);
  }

  @Test
  void readerThatGoesBackIsFound() {
    acknowledged("a");
    acknowledged("b");
    everyReplicaHolds(log);
    everythingIsRead();
    history.read(1, log.get(0));

    assertFound(Invariant.READER_ORDER);
  }

  @Test
  void duplicateIsFound() {
    acknowledged("a");
    log.add(new Seen(0, 1, "a"));
    everyReplicaHolds(log);

    assertFound(Invariant.AT_MOST_ONCE);
  }

  @Test
  void replicasWithDifferentEventsAreFound() {
    acknowledged("a");
    history.invoke(2, 0, "b");
    history.invoke(3, 0, "c");
    everyReplicaHolds(List.of(log.get(0), new Seen(0, 1, "b")));
    history.holds(0, 3, List.of(log.get(0), new Seen(0, 1, "c")));

    assertFound(Invariant.REPLICAS_AGREE);
  }

  private void acknowledged(String value) {
    Invocation invocation = appendedWithoutAnswer(value);
    invocation.acknowledged(0, log.size() - 1L);
  }

  private Invocation appendedWithoutAnswer(String value) {
    Invocation invocation = history.invoke(1, log.size(), value);
    log.add(new Seen(0, log.size(), value));
    return invocation;
  }

  private void everyReplicaHolds(List<Seen> events) {
    for (int node = 1; node <= NODES; node++) {
      history.holds(0, node, events);
    }
  }

  private void everythingIsRead() {
    log.forEach(event -> history.read(1, event));
  }

  private void assertFound(Invariant invariant) {
    assertThat(Checker.check(history)).extracting(Violation::invariant).contains(invariant);
  }
}
