package io.flotilla.node.grpc.group;

import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.ErrorCatalogue;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.grpc.read.SubscribeSources;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.internal.v1.SessionAssignment;
import io.flotilla.proto.internal.v1.SessionPartition;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Retry;
import io.flotilla.proto.v1.AssignedPartition;
import io.flotilla.proto.v1.CommitResult;
import io.flotilla.proto.v1.EventPosition;
import io.flotilla.proto.v1.JoinGroup;
import io.flotilla.proto.v1.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that a member has, followed from one assignment to the next: new ones are claimed
 * and delivered, revoked ones let go when everything delivered is acknowledged or their time is up.
 * Confined to the member's serial executor.
 */
final class MemberPartitions {

  private static final Logger LOG = LoggerFactory.getLogger(MemberPartitions.class);
  private static final long TRY_AGAIN_MS = 500;

  /** Read ahead for a member, over all its partitions, and the least for one of them. */
  private static final int BUFFER_BYTES = 1 << 20;

  private static final int BUFFER_BYTES_MIN = 16 << 10;

  /** What the member is told, on the serial executor. */
  interface Listener {
    void assigned(long generation, List<AssignedPartition> partitions);

    void revoked(List<TopicPartition> partitions, long withinMs);

    void lost(List<TopicPartition> partitions, FlotillaException why);

    void committed(List<CommitResult> results);
  }

  private final GroupContext context;
  private final JoinGroup join;
  private final MemberSession session;
  private final CallScope scope;
  private final Executor serial;
  private final Runnable pump;
  private final Listener listener;
  private final CursorCommands commands;
  private final MemberClaims claims;
  private final MemberCommits commits;
  private final Holdings held = new Holdings();
  private final Map<PartitionId, Long> dead = new HashMap<>(); // lost here, by generation
  private SessionAssignment latest = SessionAssignment.getDefaultInstance();
  private boolean told;
  private boolean late;
  private boolean lateDue;
  private boolean stopped;
  private boolean closed;

  /**
   * @param pump run on the serial executor when there may be more to deliver
   */
  MemberPartitions(
      GroupContext context,
      JoinGroup join,
      MemberSession session,
      CallScope scope,
      Executor serial,
      Runnable pump,
      Listener listener) {
    this.context = context;
    this.join = join;
    this.session = session;
    this.scope = scope;
    this.serial = serial;
    this.pump = pump;
    this.listener = listener;
    this.commands = new CursorCommands(join.getGroup(), join.getFrom());
    this.claims = new MemberClaims(context.cursors(), commands, scope, serial, this::claimed);
    this.commits = new MemberCommits(context.cursors(), commands, scope, serial, this::committed);
  }

  private boolean delivers() {
    return !join.getAssignmentsOnly();
  }

  /** The generation with which the group began. */
  void born(long generation) {
    commands.born(generation);
  }

  /** Everything that the member has now. */
  void assigned(SessionAssignment assignment) {
    latest = assignment;
    if (!stopped) {
      reconcile();
    }
  }

  private void reconcile() {
    late = false;
    Set<PartitionId> named = new HashSet<>();
    List<HeldPartition> revoked = new ArrayList<>();
    List<HeldPartition> fresh = new ArrayList<>();
    for (SessionPartition now : latest.getPartitionsList()) {
      PartitionId id = PartitionId.of(now.getPartitionId());
      named.add(id);
      HeldPartition before = held.get(id);
      boolean other = before != null && before.generation() != now.getGeneration();
      boolean keptAfterAll = before != null && before.revoking() && !now.getRevoking();
      if (before != null && (other || keptAfterAll)) {
        held.drop(before);
        before = null;
      }
      if (before != null && now.getRevoking() && !before.revoking()) {
        revoked.add(before);
      } else if (before == null && now.getRevoking() && (told || delivers())) {
        session.release(now.getPartitionId(), now.getGeneration());
      } else if (before == null && !isDead(id, now.getGeneration())) {
        hold(now, fresh);
      }
    }
    List<HeldPartition> gone =
        held.all().stream().filter(one -> !named.contains(one.id())).toList();
    dead.keySet().retainAll(named);
    lose(gone, fenced("the partition is no longer this member's"));
    revoke(revoked);
    begin(fresh);
    if (late && !lateDue) {
      lateDue = true;
      again(
          () -> {
            lateDue = false;
            reconcile();
          });
    }
  }

  private boolean isDead(PartitionId id, long generation) {
    Long lostIn = dead.get(id);
    return lostIn != null && lostIn == generation;
  }

  private void hold(SessionPartition now, List<HeldPartition> fresh) {
    PartitionId id = PartitionId.of(now.getPartitionId());
    try {
      TopicInfo topic = context.router().topic(now.getTopic(), id.topicId());
      HeldPartition one = new HeldPartition(now, topic);
      held.add(one);
      fresh.add(one);
    } catch (FlotillaException e) {
      // Not heard of yet, or no more: then the coordinator will say so.
      LOG.info("partition is taken later partition={}: {}", id, e.getMessage());
      late = true;
    }
  }

  private void again(Runnable task) {
    CallThreads.after(
        TRY_AGAIN_MS,
        serial,
        () -> {
          if (!stopped && !closed) {
            task.run();
          }
        });
  }

  private void begin(List<HeldPartition> fresh) {
    if (fresh.isEmpty()) {
      if (!told) {
        told = true;
        listener.assigned(latest.getGeneration(), List.of());
      }
      return;
    }
    told = true;
    claims.claim(fresh);
  }

  private void claimed(List<MemberClaims.Claimed> claims) {
    List<AssignedPartition> news = new ArrayList<>();
    List<HeldPartition> again = new ArrayList<>();
    List<HeldPartition> revoked = new ArrayList<>();
    for (MemberClaims.Claimed claim : claims) {
      HeldPartition one = claim.partition();
      AssignedPartition assigned = claim.told();
      if (closed || !held.has(one) || one.revoking()) {
        continue;
      }
      if (assigned == null) {
        again.add(one);
        continue;
      }
      one.claimed(assigned.getStartOffset());
      news.add(assigned);
      if (one.wasRevoked()) {
        revoked.add(one);
      } else {
        deliver(one);
      }
    }
    if (!news.isEmpty()) {
      listener.assigned(latest.getGeneration(), news);
    }
    revoke(revoked);
    if (!again.isEmpty()) {
      again(() -> this.claims.claim(again.stream().filter(held::has).toList()));
    }
  }

  private void deliver(HeldPartition one) {
    if (!delivers() || stopped) {
      return;
    }
    int partitions = Math.max(1, latest.getPartitionsCount());
    int bytes = Math.max(BUFFER_BYTES_MIN, BUFFER_BYTES / partitions);
    SubscribeSources source =
        new SubscribeSources(
            context.router(),
            one.topic(),
            scope.direct(),
            context.limits(),
            Math.min(bytes, context.config().subscribeBufferBytes()),
            serial,
            pump,
            why -> undeliverable(one, StatusMapper.refusal(why)));
    one.source(source);
    source.open(Map.of(one.id().partition(), one.position()), Map.of());
  }

  private void undeliverable(HeldPartition one, FlotillaException why) {
    if (closed || !held.has(one) || one.revoking()) {
      return;
    }
    if (ErrorCatalogue.retry(why.reason()) == Retry.RETRY_NEVER) {
      dead.put(one.id(), one.generation());
      lose(List.of(one), why);
    } else {
      LOG.info("partition is delivered later partition={}: {}", one.id(), why.getMessage());
      one.closeSource();
      again(
          () -> {
            if (held.has(one) && !one.revoking()) {
              deliver(one);
              pump.run();
            }
          });
    }
  }

  private void revoke(List<HeldPartition> which) {
    if (which.isEmpty()) {
      return;
    }
    long withinMs = JoinChecks.revokeMs(join);
    for (HeldPartition one : which) {
      one.revoke(CallThreads.after(withinMs, serial, () -> expired(one)));
    }
    List<TopicPartition> known =
        which.stream().filter(HeldPartition::claimed).map(HeldPartition::name).toList();
    if (!known.isEmpty()) {
      listener.revoked(known, withinMs);
    }
    commits.commit(which);
    which.forEach(this::letGo);
  }

  private void expired(HeldPartition one) {
    if (held.has(one)) {
      lose(List.of(one), fenced("the partition was not let go in time"));
      session.release(one.id().toLong(), one.generation());
    }
  }

  /** Lets a revoked partition go, if nothing stands against it; one never claimed at once. */
  private void letGo(HeldPartition one) {
    if (held.has(one) && (one.releasable(delivers()) || !one.claimed())) {
      held.drop(one);
      session.release(one.id().toLong(), one.generation());
    }
  }

  /** The member lets go of what was revoked. */
  void release(List<TopicPartition> which) {
    for (TopicPartition name : which) {
      HeldPartition one = held.find(name.getTopic(), name.getPartition());
      if (one != null && one.revoking()) {
        one.wantRelease();
        letGo(one);
      }
    }
  }

  private void lose(Collection<HeldPartition> which, FlotillaException why) {
    if (!which.isEmpty()) {
      which.forEach(held::drop);
      listener.lost(which.stream().map(HeldPartition::name).toList(), why);
    }
  }

  private static FlotillaException fenced(String message) {
    return new FlotillaException(ErrorReason.ERROR_REASON_MEMBER_FENCED, message);
  }

  /** Events were processed. */
  void ack(List<EventPosition> processed) {
    List<CommitResult> refused = new ArrayList<>();
    List<HeldPartition> due = new ArrayList<>();
    for (EventPosition event : processed) {
      HeldPartition one = held.find(event.getTopic(), event.getPartition());
      try {
        if (one == null || !one.claimed()) {
          throw fenced("the partition is not this member's");
        }
        held.acked(one.ack(event.getOffset(), delivers()));
        due.add(one);
      } catch (FlotillaException why) {
        refused.add(
            CommitResult.newBuilder()
                .setTopic(event.getTopic())
                .setPartition(event.getPartition())
                .setFailure(StatusMapper.toFailure(why))
                .build());
      }
    }
    commits.commit(due);
    if (!refused.isEmpty()) {
      listener.committed(refused);
    }
    pump.run();
  }

  /** Commits came back, well or not. */
  private void committed(List<MemberCommits.Committed> commits) {
    if (closed) {
      return;
    }
    List<HeldPartition> fenced = new ArrayList<>();
    for (MemberCommits.Committed commit : commits) {
      HeldPartition one = commit.partition();
      if (commit.fenced() && held.has(one)) {
        dead.put(one.id(), one.generation());
        fenced.add(one);
      }
    }
    lose(fenced, fenced("the partition has gone to another member"));
    listener.committed(commits.stream().map(MemberCommits.Committed::result).toList());
    commits.forEach(commit -> letGo(commit.partition()));
  }

  /** Delivered and not yet acknowledged. */
  long unacked() {
    return held.unacked();
  }

  /** The next events of the next partition that has some; null when none has. */
  Holdings.@Nullable Taken next(long eventsMax) {
    return held.next(context.config().subscribeBufferBytes(), eventsMax);
  }

  boolean mayHaveMore() {
    return held.mayHaveMore();
  }

  /** Delivers nothing more; what is acknowledged is still committed. */
  void stop() {
    stopped = true;
    held.all().forEach(HeldPartition::closeSource);
    commits.hurry(List.copyOf(held.all()));
  }

  /** Nothing is being committed. */
  boolean idle() {
    return held.all().stream().allMatch(HeldPartition::idle);
  }

  void close() {
    closed = true;
    stopped = true;
    held.close();
  }
}
