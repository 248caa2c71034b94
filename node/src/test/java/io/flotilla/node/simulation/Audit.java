package io.flotilla.node.simulation;

import io.flotilla.node.core.log.CursorRows;
import io.flotilla.node.core.log.LogPlace;
import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.proto.state.v1.PartitionState;
import java.util.Map;
import java.util.TreeMap;

/** Reads all that a node has of a partition and compares it with what must be. One thread. */
final class Audit {

  private final SimNode node;
  private final PartitionLedger ledger;
  private final LogReader reader;

  Audit(SimNode node, PartitionLedger ledger) {
    this.node = node;
    this.ledger = ledger;
    this.reader = new LogReader(node.store(), ledger.id());
  }

  /** Of any replica, however far it lags: what it shows was committed, and there is no hole. */
  void shown(Replica replica) {
    Replica.Shown shown = replica.shown(ledger.id());
    long from = Math.max(shown.start(), ledger.start());
    LogCheck check = new LogCheck(ledger, from);
    if (from < shown.end()) {
      reader.read(from, shown.end(), Integer.MAX_VALUE).forEach(check::add);
      check.end(shown.end());
    }
  }

  /** Of a replica that has applied everything: it is the log, its keys, producers and cursors. */
  void complete() {
    ledger.checkAcknowledged();
    PartitionState state = reader.state();
    Invariant.R1.holds(
        state.getLogStartOffset() == ledger.start(),
        "%s starts at %d, not %d",
        ledger.id(),
        state.getLogStartOffset(),
        ledger.start());
    Invariant.W1.holds(
        state.getNextOffset() == ledger.end(),
        "%s ends at %d, not %d",
        ledger.id(),
        state.getNextOffset(),
        ledger.end());
    LogCheck check = new LogCheck(ledger, ledger.start());
    reader.read(ledger.start(), ledger.end(), Integer.MAX_VALUE).forEach(check::add);
    check.end(ledger.end());
    ledger.keys().check(check.present(), ledger.start());
    Map<String, Long> cursors = new TreeMap<>();
    CursorRows.all(node.store(), ledger.id())
        .forEach((group, cursor) -> cursors.put(group, cursor.getOffset()));
    Invariant.G6.holds(
        cursors.equals(ledger.cursors().offsets()),
        "%s has cursors %s, not %s",
        ledger.id(),
        cursors,
        ledger.cursors().offsets());
    checkBytes(state);
    checkProducers();
  }

  private void checkBytes(PartitionState state) {
    long bytes = 0;
    LogPlace place = LogPlace.of(node.store(), ledger.id());
    try (View.Cursor rows = node.store().scan(Table.EVENTS, place.from(), place.to())) {
      while (rows.next()) {
        bytes += rows.value().length;
      }
    }
    Invariant.R1.holds(
        state.getStoredBytes() == bytes,
        "%s counts %d stored bytes, has %d",
        ledger.id(),
        state.getStoredBytes(),
        bytes);
  }

  /** Forgetting goes on with appends, so a few may be left; none may be missing. */
  private void checkProducers() {
    LogPlace place = LogPlace.of(node.store(), ledger.id());
    long rows = 0;
    try (View.Cursor producers = node.store().scan(Table.PRODUCERS, place.from(), place.to())) {
      while (producers.next()) {
        rows++;
      }
    }
    Invariant.P4.holds(
        rows == ledger.producersKnown(),
        "%s remembers %d producers, not %d",
        ledger.id(),
        rows,
        ledger.producersKnown());
  }

  /** No node has rows of a topic that is no more, or that a rebuild has left. */
  static void nothingElse(SimNode node) {
    try (View.Cursor rows = node.store().scan(Table.PARTITIONS, Keys.FIRST, Keys.last())) {
      while (rows.next()) {
        LogPlace place = new LogPlace(Keys.number(rows.key(), 0));
        PartitionId id = place.partition();
        Invariant.M2.holds(
            node.image().topicsById().containsKey(id.topicId()),
            "node %d has rows of %s, whose topic is no more",
            node.id(),
            id);
        Invariant.O7.holds(
            place.equals(LogPlace.of(node.store(), id)),
            "node %d has rows of %s in a place that nobody reads",
            node.id(),
            id);
      }
    }
  }
}
