package io.flotilla.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A node.
 *
 * @param nodeId its configured id
 * @param host host of its client port, as advertised
 * @param port its client port
 * @param state whether it answers
 * @param incarnation changes when its disk was replaced
 * @param version of its software
 * @param rack where it stands; empty: not said
 * @param leaderCount how many partitions it leads
 * @param replicaCount how many replicas it holds
 * @param diskState how full its disk is; told with replicas only
 * @param diskFreeBytes bytes that it can still write; 0 when the state is unknown
 * @param diskTotalBytes bytes of its disk; 0 when the state is unknown
 * @param load its clock and how near it is to its limits; null when it did not tell
 * @param silent how long the node that answered has not heard of it; null: it answers, or that is
 *     not known
 */
public record NodeDescription(
    int nodeId,
    String host,
    int port,
    State state,
    String incarnation,
    String version,
    String rack,
    int leaderCount,
    int replicaCount,
    DiskState diskState,
    long diskFreeBytes,
    long diskTotalBytes,
    @Nullable Load load,
    @Nullable Duration silent) {

  /**
   * What a node told beside its disk.
   *
   * @param clockAhead by how much its clock is ahead of that of the node that answered
   * @param groups Raft groups that it holds
   * @param groupsMax Raft groups that it may hold
   * @param replicasMax replicas that it may hold
   * @param openFiles files and sockets that it has open; 0 when it is not known there
   * @param openFilesMax files and sockets that it may have open; 0 when it is not known there
   * @param doings its elections and its console; null when it is a node of before, which told
   *     neither
   */
  public record Load(
      Duration clockAhead,
      int groups,
      int groupsMax,
      int replicasMax,
      long openFiles,
      long openFilesMax,
      @Nullable Doings doings) {}

  /**
   * What a node told of Raft, and of its console.
   *
   * @param elections elections that its replicas stood in since its process began, won or not
   * @param leaderships times that one of its replicas became the leader since then
   * @param consoleAddress where its web console answers, as {@code host:port}; a loopback address:
   *     for its own machine alone; empty: it has none
   */
  public record Doings(long elections, long leaderships, String consoleAddress) {}

  /** How full a node's disk is. */
  public enum DiskState {
    /** Nobody knows. */
    UNKNOWN,
    /** Enough is free. */
    NORMAL,
    /** Little is free. */
    WARN,
    /** Publishing to its partitions is refused until space is freed. */
    FULL
  }

  /** How a node is. */
  public enum State {
    /** Nobody knows. */
    UNKNOWN,
    /** It answers. */
    UP,
    /** It does not answer. */
    UNREACHABLE
  }
}
