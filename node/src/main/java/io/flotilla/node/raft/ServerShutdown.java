package io.flotilla.node.raft;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a Raft server: waits until all its groups are closed, not for its connections. Ratis 3.3.0
 * gives the streams of each of two connections to a peer three seconds to end by themselves, one
 * after the other; a peer that is busy does not answer, and a node has ten seconds in all where
 * Docker stops it.
 */
final class ServerShutdown {

  private static final Logger LOG = LoggerFactory.getLogger(ServerShutdown.class);

  /** Once the groups are closed, connections may take so long. */
  private static final long CONNECTIONS_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long LOOK_EVERY_MS = 20;

  private ServerShutdown() {}

  static void close(RaftServer server) {
    List<RaftServer.Division> groups = groups(server);
    Thread closing = new Thread(() -> closeAll(server), "flotilla-raft-close");
    closing.setDaemon(true);
    closing.start();
    long groupsClosed = 0;
    try {
      while (closing.isAlive()) {
        closing.join(LOOK_EVERY_MS);
        if (groupsClosed == 0 && groups.stream().allMatch(ServerShutdown::isClosed)) {
          groupsClosed = System.nanoTime();
        }
        if (groupsClosed != 0 && System.nanoTime() - groupsClosed > CONNECTIONS_NANOS_MAX) {
          LOG.info("connections to peers are left to end by themselves");
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("interrupted while the Raft server closes; nothing acknowledged is lost");
    }
  }

  private static void closeAll(RaftServer server) {
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn("the Raft server did not close cleanly; nothing acknowledged is lost", e);
    }
  }

  private static List<RaftServer.Division> groups(RaftServer server) {
    List<RaftServer.Division> groups = new ArrayList<>();
    for (RaftGroupId id : server.getGroupIds()) {
      try {
        groups.add(server.getDivision(id));
      } catch (IOException e) {
        LOG.debug("a group is closed already group={}", id, e);
      }
    }
    return groups;
  }

  private static boolean isClosed(RaftServer.Division group) {
    return group.getInfo().getLifeCycleState() == LifeCycle.State.CLOSED;
  }
}
