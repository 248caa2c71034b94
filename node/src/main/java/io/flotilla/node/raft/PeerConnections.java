package io.flotilla.node.raft;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpcWithProxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of this node to its peers. After a refusal gRPC tries again a second later, then
 * ever more seldom, in the end every two minutes (gRPC's "Connection Backoff Protocol"), and fails
 * every call until then. In Ratis 3.3.0 only a leader's appenders cut that short. Who had asked a
 * lost peer for its vote could ask it for nothing long after it was back: not for a vote, so that a
 * group stayed without a leader, and not what is committed, when the peer had become the leader.
 *
 * <p>The client of a peer is hidden, so its method is called by reflection; if a later Ratis has
 * none, nothing is done but to say so. Stateless.
 */
final class PeerConnections {

  private static final Logger LOG = LoggerFactory.getLogger(PeerConnections.class);

  private PeerConnections() {}

  /** Connects at once where the next attempt would come later. */
  static void retryNow(RaftServer server) {
    if (!(server.getServerRpc() instanceof RaftServerRpcWithProxy<?, ?> rpc)) {
      return;
    }
    for (RaftPeer peer : peers(server)) {
      try {
        retryNow(rpc.getProxies().computeIfAbsent(peer).get());
      } catch (IOException e) {
        LOG.debug("the server is being closed", e);
      }
    }
  }

  /** Everybody whom this node has a group in common with. */
  private static Set<RaftPeer> peers(RaftServer server) {
    Set<RaftPeer> peers = new HashSet<>();
    for (RaftGroupId group : server.getGroupIds()) {
      try {
        peers.addAll(server.getDivision(group).getGroup().getPeers());
      } catch (IOException e) {
        LOG.debug("group {} was closed meanwhile", group, e);
      }
    }
    peers.removeIf(peer -> peer.getId().equals(server.getId()));
    return peers;
  }

  private static void retryNow(Closeable client) {
    try {
      var method = client.getClass().getMethod("resetConnectBackoff");
      method.setAccessible(true);
      method.invoke(client);
    } catch (ReflectiveOperationException e) {
      LOG.warn("a peer that is back may not be asked for anything for two minutes", e);
    }
  }
}
