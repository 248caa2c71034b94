package io.flotilla.node.controller;

import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.NodeInfo;
import io.flotilla.node.model.NodeIdentity;
import io.flotilla.node.raft.GroupPeer;
import io.flotilla.node.raft.RaftHost;
import io.flotilla.node.raft.Replica;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts nodes that came back with a new disk into the places that they had: in each group that is
 * led here, the metadata's included, a member whose node has registered under another incarnation
 * is replaced by that one. Compares again and again, so it does not matter who leads when, nor
 * which attempt fails. One change of a group at a time. Works on a thread of its own.
 */
public final class MemberRepair implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MemberRepair.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** No answer for so long: asked again. While the first change goes on, Raft refuses a second. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

  private final RaftHost raft;
  private final Supplier<MetadataImage> image;
  private final Set<Long> underWay = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread t = new Thread(task, "flotilla-members");
            t.setDaemon(true);
            return t;
          });

  public MemberRepair(RaftHost raft, Supplier<MetadataImage> image) {
    this.raft = raft;
    this.image = image;
  }

  public void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::lookSafely, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void lookSafely() {
    try {
      raft.groups().forEach(this::look);
    } catch (RuntimeException e) {
      LOG.error("members could not be compared; it is tried again", e);
    }
  }

  private void look(long group) {
    Replica replica = raft.replica(group);
    if (replica == null || !replica.isLeaderReady() || underWay.contains(group)) {
      return;
    }
    for (GroupPeer member : raft.members().of(group)) {
      NodeInfo node = image.get().node(NodeIdentity.nodeIdOf(member.peerId()));
      if (node != null && !node.peerId().equals(member.peerId())) {
        replace(group, member.peerId(), node);
        return;
      }
    }
  }

  private void replace(long group, String gone, NodeInfo node) {
    underWay.add(group);
    LOG.info("member is replaced group={} gone={} by={}", group, gone, node.peerId());
    GroupPeer successor = new GroupPeer(node.peerId(), node.host(), node.raftPort());
    var unused =
        raft.members()
            .replace(group, gone, successor)
            .orTimeout(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (done, fault) -> {
                  underWay.remove(group);
                  if (fault == null) {
                    LOG.info("member was replaced group={} by={}", group, node.peerId());
                  } else {
                    LOG.info(
                        "member is not replaced yet; it is tried again group={} by={}: {}",
                        group,
                        node.peerId(),
                        fault.toString());
                  }
                });
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
