package io.flotilla.node.raft;

import org.apache.ratis.proto.RaftProtos.LeaderInfoProto;
import org.apache.ratis.server.DivisionInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a leader knows of its followers, as Ratis tells it. Stateless. */
final class LeaderInfo {

  private static final Logger LOG = LoggerFactory.getLogger(LeaderInfo.class);

  private LeaderInfo() {}

  /**
   * Empty where the replica does not lead, or has just stopped: Ratis 3.3.0 asserts that the term
   * is still the leader's own, which it is not while it steps down.
   */
  static LeaderInfoProto of(DivisionInfo info) {
    if (!info.isLeader()) {
      return LeaderInfoProto.getDefaultInstance();
    }
    try {
      return info.getRoleInfoProto().getLeaderInfo();
    } catch (IllegalStateException e) {
      LOG.debug("another term has begun meanwhile", e);
      return LeaderInfoProto.getDefaultInstance();
    }
  }
}
