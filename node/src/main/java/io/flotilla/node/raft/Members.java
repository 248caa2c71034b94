package io.flotilla.node.raft;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is a member of the groups on this node, as Raft has it, and the change of one member at a
 * time, on the leader. Safe; futures complete on Ratis's threads.
 */
public final class Members {

  private static final Logger LOG = LoggerFactory.getLogger(Members.class);

  private final RaftServer server;
  private final ClientId clientId;

  Members(RaftServer server, ClientId clientId) {
    this.server = server;
    this.clientId = clientId;
  }

  /** The voting members; empty when the group is not open here, or this node has not joined. */
  public List<GroupPeer> of(long group) {
    try {
      return server.getDivision(GroupIds.toRatis(group)).getRaftConf().getCurrentPeers().stream()
          .map(Members::peer)
          .toList();
    } catch (IOException e) {
      LOG.debug("group {} is not open here", group, e);
      return List.of();
    }
  }

  /**
   * Replaces a member by another one, which must have opened the group without members and is given
   * everything before it counts. Fails when this node does not lead, when another change is under
   * way, when the members are others meanwhile, and when the new one does not catch up; then
   * nothing has changed, or the change is completed by the next leader.
   */
  public CompletableFuture<Void> replace(long group, String gone, GroupPeer successor) {
    List<GroupPeer> now = of(group);
    List<GroupPeer> next =
        now.stream().map(peer -> peer.peerId().equals(gone) ? successor : peer).toList();
    try {
      return server
          .setConfigurationAsync(
              new SetConfigurationRequest(
                  clientId,
                  server.getId(),
                  GroupIds.toRatis(group),
                  CallIds.next(),
                  SetConfigurationRequest.Arguments.newBuilder()
                      .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                      .setServersInCurrentConf(now.stream().map(Members::ratis).toList())
                      .setServersInNewConf(next.stream().map(Members::ratis).toList())
                      .build()))
          .thenAccept(Members::check);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void check(RaftClientReply reply) {
    if (!reply.isSuccess()) {
      throw new IllegalStateException("the members were not changed", reply.getException());
    }
  }

  private static GroupPeer peer(RaftPeer peer) {
    String address = peer.getAddress();
    int colon = address.lastIndexOf(':');
    return new GroupPeer(
        peer.getId().toString(),
        address.substring(0, colon),
        Integer.parseInt(address.substring(colon + 1)));
  }

  static RaftPeer ratis(GroupPeer peer) {
    return RaftPeer.newBuilder()
        .setId(peer.peerId())
        .setAddress(peer.host() + ":" + peer.raftPort())
        .build();
  }
}
