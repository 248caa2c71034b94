package io.flotilla.node.raft;

import java.io.IOException;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a node is that opens its groups.
 *
 * @param open those whose log is read, so that they run
 * @param all those that it has
 */
public record OpenGroups(int open, int all) {

  private static final Logger LOG = LoggerFactory.getLogger(OpenGroups.class);
  private static final int PERCENT = 100;

  static OpenGroups of(RaftServer server) {
    int open = 0;
    int all = 0;
    for (RaftGroupId id : server.getGroupIds()) {
      all++;
      open += runs(server, id) ? 1 : 0;
    }
    return new OpenGroups(open, all);
  }

  private static boolean runs(RaftServer server, RaftGroupId id) {
    try {
      return server.getDivision(id).getInfo().getLifeCycleState().isRunning();
    } catch (IOException e) {
      LOG.debug("group {} was closed meanwhile", id, e);
      return false;
    }
  }

  /** Such as {@code 42 %, 17 of 40}. */
  @Override
  public String toString() {
    return (all == 0 ? PERCENT : open * PERCENT / all) + " %, " + open + " of " + all;
  }
}
