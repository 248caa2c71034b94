package io.flotilla.client.internal;

import io.flotilla.client.ProducerStats;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a producer does. Safe for many threads. */
final class ProducerCounters {
  final LongAdder acknowledged = new LongAdder();
  final LongAdder failed = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final LongAdder resent = new LongAdder();
  final LongAdder duplicates = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  final LongAdder streams = new LongAdder();
  final LongAdder routes = new LongAdder();

  void sent(int payloadBytes, boolean again) {
    sent.increment();
    bytes.add(payloadBytes);
    if (again) {
      resent.increment();
    }
  }

  ProducerStats read(long buffered) {
    return new ProducerStats(
        acknowledged.sum(),
        failed.sum(),
        sent.sum(),
        resent.sum(),
        duplicates.sum(),
        bytes.sum(),
        Math.max(0, streams.sum() - routes.sum()),
        buffered);
  }
}
