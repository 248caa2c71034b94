package io.flotilla.node.raft;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.thirdparty.io.grpc.Attributes;
import org.apache.ratis.thirdparty.io.grpc.ServerTransportFilter;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has leaders elected where there is nobody to wait for, instead of after Ratis's election timeout.
 *
 * <ul>
 *   <li>A leader's process is gone: a connection to the Raft port broke, and the leader's port
 *       refuses a new one. Then a follower asks to be elected, the first one at once and the others
 *       later, should it not succeed; who has less in its log than the others leaves it to them.
 *   <li>A group is new: the first of its members, who is to lead it, asks as soon as the others can
 *       have opened it, too.
 *   <li>A group has one member: it asks whenever it opens the group.
 *   <li>A node connects, or is lost: so that votes can be asked for, this node at once tries to
 *       connect to all that it could not reach; see {@link PeerConnections}.
 * </ul>
 *
 * Everything else (a leader that hangs, a host or a network that is lost, an election that fails)
 * is left to the timeout. An election is always safe; one too many costs a moment. Works on a
 * thread of its own.
 */
final class LeaderWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LeaderWatch.class);

  /** A loopback or a data centre refuses within a few milliseconds. */
  private static final int PROBE_MS_MAX = 300;

  private static final int LOOKS = 10;
  private static final long LOOK_EVERY_MS = 30;

  /** An election takes about 30 ms; the next follower waits this long for it. */
  private static final long TURN_MS = 150;

  /** All nodes hear of a new group within some milliseconds, and take as many to open it. */
  private static final long OPEN_MS = 50;

  /** After the end it drops what it is given: throwing would keep a connection from ending. */
  private final ScheduledExecutorService thread =
      new ScheduledThreadPoolExecutor(
          1,
          work -> {
            Thread named = new Thread(work, "flotilla-leader-watch");
            named.setDaemon(true);
            return named;
          },
          new ThreadPoolExecutor.DiscardPolicy());

  private final Rivals rivals = new Rivals();
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile @Nullable RaftServer server;

  /** Begins; the server has started, with the groups of earlier runs. */
  void start(RaftServer started) {
    server = started;
    for (RaftGroupId group : started.getGroupIds()) {
      elect(group, true);
    }
    reconnect(); // Somebody may have connected before there was a server to be told.
  }

  /**
   * A group was added to this node.
   *
   * @param members the first is to lead; none when this node waits to be let in
   */
  void added(long group, List<GroupPeer> members) {
    RaftServer here = server;
    if (here != null
        && !members.isEmpty()
        && members.get(0).peerId().equals(here.getId().toString())) {
      var unused =
          thread.schedule(
              () -> elect(GroupIds.toRatis(group), false),
              members.size() == 1 ? 0 : OPEN_MS,
              TimeUnit.MILLISECONDS);
    }
  }

  /** Asks to be elected in a group that nobody leads. */
  private void elect(RaftGroupId group, boolean onlyAlone) {
    RaftServer here = server;
    if (here == null) {
      return;
    }
    try {
      RaftServer.Division division = here.getDivision(group);
      DivisionInfo info = division.getInfo();
      boolean alone = division.getRaftConf().getCurrentPeers().size() == 1;
      boolean waits =
          info.isFollower()
              && info.getLeaderId() == null
              && division.getRaftConf().getPeer(division.getId()) != null;
      TermIndex last = division.getRaftLog().getLastEntryTermIndex();
      long term = last == null ? 0 : last.getTerm();
      // Ratis refuses whoever asks with an older term than it has seen.
      if (waits && (alone || !onlyAlone) && term == info.getCurrentTerm()) {
        TermIndex asked = last == null ? TermIndex.valueOf(0, 0) : last;
        here.startLeaderElection(handOver(division, division.getId(), asked));
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("group {} elects a leader after its timeout", group, e);
    }
  }

  /** To be told of connections to the Raft port that begin and end. */
  ServerTransportFilter filter() {
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes attributes) {
        reconnect();
        return attributes;
      }

      @Override
      public void transportTerminated(Attributes attributes) {
        reconnect();
        connectionEnded();
      }
    };
  }

  /** Whoever connects is there; and when a leader is gone, the others are needed. */
  private void reconnect() {
    RaftServer here = server;
    if (here != null) {
      thread.execute(
          () -> {
            try {
              PeerConnections.retryNow(here);
            } catch (RuntimeException e) {
              LOG.error("peers that are back may be reached late", e);
            }
          });
    }
  }

  private void connectionEnded() {
    if (server != null && looking.compareAndSet(false, true)) {
      lookLater(LOOKS);
    }
  }

  /** Several times: the port of a process that is being killed may close after its connections. */
  private void lookLater(int looks) {
    if (looks == 0) {
      looking.set(false);
      return;
    }
    var unused =
        thread.schedule(
            () -> {
              try {
                look();
              } catch (RuntimeException e) {
                LOG.error("leaders are no longer watched until the next connection ends", e);
              }
              lookLater(looks - 1);
            },
            LOOK_EVERY_MS,
            TimeUnit.MILLISECONDS);
  }

  /** Looks at the leaders of all groups that this node follows in. */
  private void look() {
    RaftServer here = server;
    if (here == null) {
      return;
    }
    Map<RaftPeerId, Boolean> gone = new HashMap<>();
    for (RaftGroupId group : here.getGroupIds()) {
      try {
        RaftServer.Division division = here.getDivision(group);
        RaftPeer leader = followed(division);
        if (leader != null && gone.computeIfAbsent(leader.getId(), id -> refuses(leader))) {
          long turn = turn(division, leader.getId());
          var unused =
              thread.schedule(() -> stand(group, leader.getId()), turn, TimeUnit.MILLISECONDS);
        }
      } catch (IOException e) {
        LOG.debug("group {} was closed meanwhile", group, e);
      }
    }
  }

  private static @Nullable RaftPeer followed(RaftServer.Division division) {
    DivisionInfo info = division.getInfo();
    RaftPeerId leader = info.getLeaderId();
    boolean member = division.getRaftConf().getPeer(division.getId()) != null;
    return member && info.isFollower() && leader != null
        ? division.getRaftConf().getPeer(leader)
        : null;
  }

  private static boolean refuses(RaftPeer peer) {
    int colon = peer.getAddress().lastIndexOf(':');
    String host = peer.getAddress().substring(0, colon);
    int port = Integer.parseInt(peer.getAddress().substring(colon + 1));
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), PROBE_MS_MAX);
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      LOG.debug("whether peer {} is gone cannot be told", peer.getId(), e);
      return false;
    }
  }

  /** The followers' order, another one for each group, so that one node does not get them all. */
  private static long turn(RaftServer.Division division, RaftPeerId leader) {
    List<RaftPeerId> candidates =
        division.getRaftConf().getCurrentPeers().stream()
            .map(RaftPeer::getId)
            .filter(id -> !id.equals(leader))
            .sorted(Comparator.comparing(RaftPeerId::toString))
            .toList();
    int own = candidates.indexOf(division.getPeer().getId());
    int shift = Math.floorMod(GroupIds.fromRatis(division.getGroup().getGroupId()), 1_000);
    return TURN_MS * Math.floorMod(own + shift, candidates.size());
  }

  /** Asks to be elected where that can succeed, unless somebody else has been. */
  private void stand(RaftGroupId group, RaftPeerId gone) {
    RaftServer here = server;
    if (here == null) {
      return;
    }
    try {
      RaftServer.Division division = here.getDivision(group);
      TermIndex last = lastFollowing(division, gone);
      if (last != null) {
        var unused =
            rivals
                .canWin(here, division, gone, last)
                .thenAcceptAsync(wins -> decide(here, division, gone, wins), thread);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("no election was asked for group={}", GroupIds.fromRatis(group), e);
    }
  }

  /** Stands, or leaves it to the others; the leader may be back by now, or another one elected. */
  private static void decide(
      RaftServer here, RaftServer.Division division, RaftPeerId gone, boolean wins) {
    long group = GroupIds.fromRatis(division.getGroup().getGroupId());
    try {
      TermIndex last = lastFollowing(division, gone);
      if (last != null) {
        boolean standing =
            wins
                && here.startLeaderElection(handOver(division, gone, last))
                    .getServerReply()
                    .getSuccess();
        LOG.info(
            "leader is gone group={} leader={} term={} standing={}",
            group,
            gone,
            division.getInfo().getCurrentTerm(),
            standing);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("no election was asked for group={}", group, e);
    }
  }

  /** Where the log ends, as long as nobody else was elected; null when somebody was. */
  private static @Nullable TermIndex lastFollowing(RaftServer.Division division, RaftPeerId gone) {
    RaftPeer leader = followed(division);
    return leader != null && leader.getId().equals(gone)
        ? division.getRaftLog().getLastEntryTermIndex()
        : null;
  }

  /** What the leader itself sends when it hands leadership over. */
  private static StartLeaderElectionRequestProto handOver(
      RaftServer.Division division, RaftPeerId leader, TermIndex last) {
    return StartLeaderElectionRequestProto.newBuilder()
        .setServerRequest(
            RaftRpcRequestProto.newBuilder()
                .setRequestorId(leader.toByteString())
                .setReplyId(division.getPeer().getId().toByteString())
                .setRaftGroupId(
                    ProtoUtils.toRaftGroupIdProtoBuilder(division.getGroup().getGroupId())))
        .setLeaderLastEntry(last.toProto())
        .build();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    rivals.close();
  }
}
