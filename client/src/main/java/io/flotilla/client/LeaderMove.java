package io.flotilla.client;

import java.util.List;

/**
 * What came of {@link Admin#moveLeader}.
 *
 * @param leads the node leads now; false: it is the preferred leader, and leads as soon as it
 *     answers and has nearly everything
 * @param partitions the partitions of the topic that moved together, in ascending order: those of
 *     one Raft group
 */
public record LeaderMove(boolean leads, List<Integer> partitions) {

  public LeaderMove {
    partitions = List.copyOf(partitions);
  }
}
