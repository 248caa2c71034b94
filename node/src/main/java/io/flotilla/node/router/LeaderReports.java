package io.flotilla.node.router;

import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.node.raft.GroupStatus;
import io.flotilla.node.raft.RaftHost;
import io.flotilla.node.raft.Replica;
import io.flotilla.proto.state.v1.GroupLeader;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.ReportLeaders;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the metadata which groups this node leads, so that every node and every watching client
 * knows where to go. All that differ go in one command. A hint, never relied on for safety: who
 * leads is Raft's to say. One thread.
 */
public final class LeaderReports implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LeaderReports.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Router router;
  private final RaftHost raft;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread t = new Thread(task, "flotilla-report");
            t.setDaemon(true);
            return t;
          });

  public LeaderReports(Router router, RaftHost raft) {
    this.router = router;
    this.raft = raft;
  }

  public void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::reportSafely, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A role changed: report soon. Does not block. */
  public void rolesChanged() {
    if (!thread.isShutdown()) {
      thread.execute(this::reportSafely);
    }
  }

  private void reportSafely() {
    try {
      report();
    } catch (RuntimeException e) {
      LOG.error("reporting leaders failed; it is tried again", e);
    }
  }

  private void report() {
    if (underWay.get() || router.image().revision() == 0) {
      return;
    }
    ReportLeaders leaders = differing();
    if (leaders.getLeadersCount() == 0) {
      return;
    }
    underWay.set(true);
    var unused =
        router
            .propose(MetadataCommand.newBuilder().setReportLeaders(leaders).build(), TIMEOUT)
            .whenComplete(
                (outcome, fault) -> {
                  underWay.set(false);
                  if (fault == null) {
                    rolesChanged(); // What changed while this report was under way.
                  } else {
                    LOG.debug("leaders could not be reported; it is tried again", fault);
                  }
                });
  }

  private ReportLeaders differing() {
    ReportLeaders.Builder leaders = ReportLeaders.newBuilder();
    for (long group : raft.groups()) {
      Replica replica = raft.replica(group);
      GroupInfo known = router.image().groups().get(group);
      if (group == GroupIds.METADATA || replica == null || known == null) {
        continue;
      }
      GroupStatus status = replica.status();
      boolean told = known.leaderNode() == router.nodeId() && known.leaderTerm() == status.term();
      if (status.ready() && !told) {
        leaders.addLeaders(
            GroupLeader.newBuilder()
                .setGroup(group)
                .setTerm(status.term())
                .setNodeId(router.nodeId()));
      }
    }
    return leaders.build();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
