package io.flotilla.node.observe;

import com.google.common.base.Suppliers;
import io.flotilla.node.metrics.Metric;
import io.flotilla.node.metrics.NodeMeters;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.StoreNumbers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** RocksDB, asked once a second at most. Only registers. */
final class StoreMetrics {

  private static final double MICROS_A_SECOND = 1e6;

  private static final Metric STALLED =
      Metric.counter(
          "flotilla_store_stall_seconds_total",
          "For how long the store held writers back because flushes or compactions lag.");
  private static final Metric PENDING =
      Metric.gauge(
          "flotilla_store_compaction_pending_bytes",
          "What compaction has still to rewrite, about.");
  private static final Metric MEMORY =
      Metric.gauge(
          "flotilla_store_memory_bytes",
          "RocksDB's memory: cached blocks, rows not yet flushed, indexes of open files.");
  private static final Metric CACHE =
      Metric.gauge(
          "flotilla_store_cache_bytes", "Of that, cached blocks and rows not yet flushed.");
  private static final Metric CACHE_SIZE =
      Metric.gauge("flotilla_store_cache_size_bytes", "What those may take: memory.store.");
  private static final Metric FILES =
      Metric.gauge("flotilla_store_files_bytes", "RocksDB's files in use, events among them.");
  private static final Metric JOBS =
      Metric.gauge("flotilla_store_jobs_running", "Flushes and compactions that run now.");

  static final List<Metric> METRICS =
      List.of(STALLED, PENDING, MEMORY, CACHE, CACHE_SIZE, FILES, JOBS);

  private StoreMetrics() {}

  static void register(NodeMeters meters, Store store) {
    Supplier<StoreNumbers> now =
        Suppliers.memoizeWithExpiration(store::numbers, 1, TimeUnit.SECONDS);
    meters.counter(STALLED, () -> now.get().stallMicros() / MICROS_A_SECOND);
    meters.gauge(PENDING, () -> now.get().pendingCompactionBytes());
    meters.gauge(MEMORY, () -> now.get().cacheBytes() + now.get().tableBytes());
    meters.gauge(CACHE, () -> now.get().cacheBytes());
    meters.gauge(CACHE_SIZE, () -> now.get().cacheSizeBytes());
    meters.gauge(FILES, () -> now.get().fileBytes());
    meters.gauge(JOBS, () -> now.get().jobs());
  }
}
