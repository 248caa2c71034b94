package io.flotilla.node.raft;

import io.flotilla.node.config.RaftConfig;
import java.time.Duration;

/** Raft as tests want it: small entries and files, and a checkpoint only when it is asked for. */
public final class RaftConfigs {

  private RaftConfigs() {}

  /** With timeouts that a busy machine keeps. */
  public static RaftConfig small(long logKeepBytes) {
    return small(Duration.ofMillis(900), Duration.ofMillis(1600), logKeepBytes);
  }

  static RaftConfig small(Duration electionMin, Duration electionMax, long logKeepBytes) {
    return new RaftConfig(
        electionMin,
        electionMax,
        64 << 10,
        4,
        256 << 10,
        1L << 30,
        Duration.ofHours(1),
        Duration.ofSeconds(10),
        logKeepBytes,
        2,
        0,
        0);
  }
}
