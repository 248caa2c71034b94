package io.flotilla.node.metrics;

import java.util.concurrent.TimeUnit;

/** Takes how long things took. Safe, and cheap enough for each batch. */
@FunctionalInterface
public interface Latency {

  void record(long duration, TimeUnit unit);
}
