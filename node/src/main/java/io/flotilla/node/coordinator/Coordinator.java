package io.flotilla.node.coordinator;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.core.group.GroupImage;
import io.flotilla.node.core.group.GroupMachine;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.internal.v1.SessionJoin;
import io.flotilla.proto.internal.v1.SessionJoined;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.ConsumerGroupOutcome;
import io.flotilla.proto.state.v1.DeleteGroup;
import io.flotilla.proto.state.v1.JoinMember;
import io.flotilla.proto.state.v1.MemberState;
import io.flotilla.proto.state.v1.PartitionRef;
import io.flotilla.proto.state.v1.ReleaseOwned;
import io.flotilla.proto.state.v1.RemovalReason;
import io.flotilla.proto.state.v1.RemoveMember;
import io.flotilla.proto.state.v1.UpdateTopics;
import io.flotilla.proto.types.v1.ErrorReason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coordinator as this node hosts it: while it is led here, the sessions of the members of its
 * consumer groups and their timers. Timers propose, the machine decides. A new leader has no
 * sessions: it gives every member a fresh one, with time to be found, before it misses anybody.
 * Confined to flotilla-coordinator.
 */
final class Coordinator {

  private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);

  /** On top of its session timeout a member has so long to find a new leader. */
  static final Duration FAIL_OVER = Duration.ofSeconds(3);

  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

  private final long group;
  private final GroupMachine machine;
  private final CommandQueue queue;
  private final Supplier<MetadataImage> metadata;
  private final Map<String, Session> sessions = new HashMap<>(); // by member id
  private final Expiries expiries;
  private final Map<String, UpdateTopics> updating = new HashMap<>(); // by consumer group
  private volatile boolean leads; // read by any thread

  Coordinator(
      long group,
      GroupMachine machine,
      CommandQueue queue,
      Supplier<MetadataImage> metadata,
      ScheduledExecutorService thread) {
    this.group = group;
    this.machine = machine;
    this.queue = queue;
    this.metadata = metadata;
    this.expiries = new Expiries(thread);
  }

  boolean leads() {
    return leads;
  }

  Map<String, GroupImage> groups() {
    return machine.images();
  }

  CommandQueue queue() {
    return queue;
  }

  /** The node that serves a member; 0 = its stream is broken. */
  int nodeOf(String memberId) {
    Session session = sessions.get(memberId);
    return session == null ? 0 : session.node();
  }

  /** This node leads now: everybody gets a fresh session. */
  void lead() {
    if (leads) {
      return;
    }
    leads = true;
    for (GroupImage image : groups().values()) {
      for (MemberState member : image.members().values()) {
        if (!sessions.containsKey(member.getMemberId())) {
          expireAfter(image, member, member.getSessionTimeoutMs() + FAIL_OVER.toMillis());
        }
      }
    }
    LOG.info("coordinator led here group={} consumerGroups={}", group, groups().size());
    refreshTopics();
  }

  /** This node leads no more: members are sent to who does. */
  void follow() {
    if (!leads) {
      return;
    }
    leads = false;
    FlotillaException why = notLeader();
    List.copyOf(sessions.values()).forEach(session -> session.end(why));
    sessions.clear();
    expiries.cancelAll();
    updating.clear();
  }

  private FlotillaException notLeader() {
    return FlotillaException.notLeader("this node does not lead coordinator " + group, null);
  }

  /** A member's stream begins. */
  Session open(SessionJoin join, MemberLink link) {
    Session session = new Session(join.getGroup(), join.getNodeId(), link);
    try {
      if (!leads) {
        throw notLeader();
      }
      enter(session, JoinMember.parseFrom(join.getMember()), join.getFresh());
    } catch (InvalidProtocolBufferException e) {
      session.end(FlotillaException.invalid("member is not a JoinMember: " + e.getMessage()));
    } catch (FlotillaException e) {
      session.end(e);
    }
    return session;
  }

  private void enter(Session session, JoinMember wanted, boolean fresh) {
    GroupImage image = groups().get(session.group());
    MemberState known = image == null ? null : image.memberByToken(wanted.getSessionToken());
    if (known != null && Subscriptions.same(known, wanted)) {
      attach(session, known, !fresh);
    } else if (known != null) {
      enter(session, wanted, known.getMemberId(), !fresh);
    } else if (fresh) {
      String name = wanted.getClientId().isEmpty() ? "member" : wanted.getClientId();
      enter(session, wanted, name + "-" + idOf(wanted.getSessionToken()), false);
    } else {
      throw fenced("the membership is over: its session timed out, or the member left");
    }
  }

  /** The same for the same token: a join that is repeated makes no second member. */
  private static UUID idOf(String sessionToken) {
    return UUID.nameUUIDFromBytes(sessionToken.getBytes(StandardCharsets.UTF_8));
  }

  private void enter(Session session, JoinMember wanted, String memberId, boolean resumed) {
    JoinMember join =
        wanted.toBuilder()
            .setMemberId(memberId)
            .clearKnownTopics()
            .addAllKnownTopics(Subscriptions.topics(metadata.get(), wanted.getTopicsList()))
            .build();
    var unused =
        queue
            .propose(command(session.group()).setJoin(join).build())
            .whenComplete((outcome, fault) -> entered(session, memberId, resumed, fault));
  }

  private void entered(
      Session session, String memberId, boolean resumed, @Nullable Throwable fault) {
    if (fault != null) {
      session.end(CoordinatorSet.refusal(fault));
      return;
    }
    MemberState member = member(session.group(), memberId);
    if (!leads || member == null) {
      session.end(notLeader());
    } else if (session.over()) {
      gone(session, member); // While it was joining.
    } else {
      attach(session, member, resumed);
      if (session.leaves()) {
        remove(session);
      }
    }
  }

  private void attach(Session session, MemberState member, boolean resumed) {
    expiries.cancel(member.getMemberId());
    Session before = sessions.put(member.getMemberId(), session);
    if (before != null) {
      before.end(fenced("the member is served by another stream now"));
    }
    GroupImage image = groups().get(session.group());
    if (image == null) {
      session.end(notLeader());
      return;
    }
    session.joined(
        SessionJoined.newBuilder()
            .setMemberId(member.getMemberId())
            .setSessionToken(member.getSessionToken())
            .setResumed(resumed)
            .setBornGeneration(image.state().getBornGeneration())
            .setSessionTimeoutMs(member.getSessionTimeoutMs())
            .build(),
        member.getInstanceId());
    session.assign(Assignments.of(image, member));
  }

  /** Partitions were let go. */
  void release(Session session, List<Long> partitionIds) {
    ReleaseOwned.Builder release = ReleaseOwned.newBuilder().setMemberId(session.memberId());
    for (long id : partitionIds) {
      PartitionId partition = PartitionId.of(id);
      release.addPartitions(
          PartitionRef.newBuilder()
              .setTopicId(partition.topicId())
              .setPartition(partition.partition()));
    }
    propose(session.group(), command(session.group()).setRelease(release).build());
  }

  /** A member leaves for good; its session ends, fenced, when it is out of the group. */
  void leave(Session session) {
    if (session.over() || session.leaves()) {
      return;
    }
    session.leave();
    if (sessions.get(session.memberId()) == session) { // or else it is still joining
      remove(session);
    }
  }

  private void remove(Session leaving) {
    var unused =
        remove(leaving.group(), leaving.memberId(), RemovalReason.REMOVAL_REASON_LEFT)
            .whenComplete(
                (outcome, fault) -> {
                  if (fault != null && sessions.remove(leaving.memberId(), leaving)) {
                    leaving.end(CoordinatorSet.refusal(fault)); // It says so again.
                  }
                });
  }

  /** A member's stream has ended. */
  void closed(Session session) {
    if (session.over()) {
      return;
    }
    session.broken();
    if (sessions.remove(session.memberId(), session)) {
      MemberState member = member(session.group(), session.memberId());
      if (leads && member != null) {
        gone(session, member);
      }
    }
  }

  private void gone(Session session, MemberState member) {
    GroupImage image = groups().get(session.group());
    if (session.leaves()) {
      var unused = remove(session.group(), member.getMemberId(), RemovalReason.REMOVAL_REASON_LEFT);
    } else if (image != null) {
      expireAfter(image, member, member.getSessionTimeoutMs());
    }
  }

  private void expireAfter(GroupImage image, MemberState member, long ms) {
    String name = image.state().getName();
    expiries.after(ms, member.getMemberId(), () -> expire(name, member.getMemberId()));
  }

  private void expire(String name, String memberId) {
    if (leads && !sessions.containsKey(memberId)) {
      LOG.info("member expires consumerGroup={} member={}", name, memberId);
      var unused = remove(name, memberId, RemovalReason.REMOVAL_REASON_EXPIRED);
    }
  }

  /** Has a member removed, and after a fault once more, unless somebody serves it by then. */
  private CompletableFuture<ConsumerGroupOutcome> remove(
      String name, String memberId, RemovalReason reason) {
    RemoveMember remove = RemoveMember.newBuilder().setMemberId(memberId).setReason(reason).build();
    return queue
        .propose(command(name).setRemove(remove).build())
        .whenComplete(
            (outcome, fault) -> {
              GroupImage image = groups().get(name);
              MemberState member = member(name, memberId);
              if (fault != null && leads && image != null && member != null) {
                LOG.info("member is removed later member={}: {}", memberId, fault.toString());
                expireAfter(image, member, TRY_AGAIN.toMillis());
              }
            });
  }

  /** Consumer groups changed: whoever has something else now is told. */
  void changed(Collection<String> names) {
    if (!leads) {
      return;
    }
    for (Session session : List.copyOf(sessions.values())) {
      if (names.contains(session.group())) {
        tell(session);
      }
    }
  }

  private void tell(Session session) {
    GroupImage image = groups().get(session.group());
    MemberState member = member(session.group(), session.memberId());
    if (image != null && member != null) {
      session.assign(Assignments.of(image, member));
      return;
    }
    sessions.remove(session.memberId(), session);
    session.end(
        image != null && hasInstance(image, session.instanceId())
            ? new FlotillaException(
                ErrorReason.ERROR_REASON_INSTANCE_FENCED,
                "another member joined with the same instance id")
            : fenced("the member was removed from the group"));
  }

  private static boolean hasInstance(GroupImage image, String instanceId) {
    return !instanceId.isEmpty()
        && image.members().values().stream()
            .anyMatch(member -> member.getInstanceId().equals(instanceId));
  }

  private static FlotillaException fenced(String message) {
    return new FlotillaException(ErrorReason.ERROR_REASON_MEMBER_FENCED, message);
  }

  /** Tells the consumer groups what became of their topics. */
  void refreshTopics() {
    if (!leads) {
      return;
    }
    for (Map.Entry<String, GroupImage> entry : groups().entrySet()) {
      UpdateTopics news = Subscriptions.news(metadata.get(), entry.getValue());
      boolean none = news.getTopicsCount() == 0 && news.getGoneCount() == 0;
      if (!none && updating.putIfAbsent(entry.getKey(), news) == null) {
        var unused =
            queue
                .propose(command(entry.getKey()).setUpdateTopics(news).build())
                .whenComplete(
                    (outcome, fault) -> {
                      updating.remove(entry.getKey());
                      if (fault != null) {
                        LOG.info("topics are updated later: {}", fault.toString());
                      }
                    });
      }
    }
  }

  /** Has consumer groups forgotten that nobody has used for long. */
  void forgetIdle(long idleSinceBeforeMs) {
    if (!leads) {
      return;
    }
    for (Map.Entry<String, GroupImage> entry : groups().entrySet()) {
      long idleSince = entry.getValue().state().getIdleSinceUnixMs();
      if (idleSince != 0 && idleSince < idleSinceBeforeMs) {
        DeleteGroup delete =
            DeleteGroup.newBuilder().setIfIdleSinceBeforeUnixMs(idleSinceBeforeMs).build();
        LOG.info("consumer group expires consumerGroup={}", entry.getKey());
        propose(entry.getKey(), command(entry.getKey()).setDelete(delete).build());
      }
    }
  }

  private void propose(String name, ConsumerGroupCommand command) {
    CompletableFuture<ConsumerGroupOutcome> proposed = queue.propose(command);
    var unused =
        proposed.whenComplete(
            (outcome, fault) -> {
              if (fault != null) {
                LOG.info("{} of {}: {}", command.getCommandCase(), name, fault.toString());
              }
            });
  }

  private @Nullable MemberState member(String name, String memberId) {
    GroupImage image = groups().get(name);
    return image == null ? null : image.members().get(memberId);
  }

  private static ConsumerGroupCommand.Builder command(String name) {
    return ConsumerGroupCommand.newBuilder().setGroup(name);
  }
}
