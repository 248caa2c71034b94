package io.flotilla.node.coordinator;

import io.flotilla.node.core.group.GroupImage;
import io.flotilla.node.core.group.GroupMachine;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.metrics.Latency;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.NodeClocks;
import io.flotilla.node.raft.RaftHost;
import io.flotilla.node.raft.Replica;
import io.flotilla.proto.internal.v1.GroupPicture;
import io.flotilla.proto.internal.v1.ReadGroupsRequest;
import io.flotilla.proto.internal.v1.SessionJoin;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.ConsumerGroupOutcome;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinators on this node. Safe: everything is handed to one thread, flotilla-coordinator,
 * which never blocks.
 */
public final class CoordinatorSet implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorSet.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private final RaftHost raft;
  private final Supplier<MetadataImage> metadata;
  private final Duration retention;
  private final GroupTime time;
  private final Map<Long, Coordinator> coordinators = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor thread;
  private Standstills standstills = new Standstills((duration, unit) -> {});
  private volatile @Nullable GroupExpiry expiry;

  /**
   * @param retention consumer groups that nobody used for so long are forgotten
   * @param time what they are stamped and forgotten by
   */
  public CoordinatorSet(
      RaftHost raft, Supplier<MetadataImage> metadata, Duration retention, GroupTime time) {
    this.raft = raft;
    this.metadata = metadata;
    this.retention = retention;
    this.time = time;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread t = new Thread(task, "flotilla-coordinator");
              t.setDaemon(true);
              return t;
            },
            // After close there is nobody left to tell.
            new ThreadPoolExecutor.DiscardPolicy());
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Tells there for how long partitions stood still. Before start. */
  public void measureBy(Latency standstill) {
    standstills = new Standstills(standstill);
  }

  public void start(NodeClocks clocks) {
    var unused =
        thread.scheduleWithFixedDelay(
            () -> safely(() -> coordinators.values().forEach(Coordinator::refreshTopics)),
            LOOK_EVERY.toMillis(),
            LOOK_EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
    GroupExpiry begun =
        new GroupExpiry(
            time,
            () -> metadata.get().nodes().keySet(),
            clocks,
            retention,
            before -> run(() -> coordinators.values().forEach(one -> one.forgetIdle(before))));
    begun.start();
    expiry = begun;
  }

  private void safely(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("a coordinator met a fault; what it was about is tried again", e);
    }
  }

  private void run(Runnable task) {
    thread.execute(() -> safely(task));
  }

  /** A coordinator group was opened here, for the first time or again on other rows. */
  public void opened(long group, GroupMachine machine) {
    run(
        () -> {
          Coordinator before = coordinators.get(group);
          if (before != null) {
            before.follow();
          }
          CommandQueue queue = new CommandQueue(() -> raft.replica(group), time, thread);
          Coordinator opened = new Coordinator(group, machine, queue, metadata, thread);
          coordinators.put(group, opened);
          roleChanged(group, opened);
        });
  }

  /** The group may have another leader. For any group. */
  public void rolesChanged(long group) {
    if (Coordinators.isCoordinator(group)) {
      run(
          () -> {
            Coordinator coordinator = coordinators.get(group);
            if (coordinator != null) {
              roleChanged(group, coordinator);
            }
          });
    }
  }

  private void roleChanged(long group, Coordinator coordinator) {
    Replica replica = raft.replica(group);
    if (replica != null && replica.isLeaderReady()) {
      coordinator.lead();
    } else {
      coordinator.follow();
    }
  }

  /** Consumer groups of a coordinator changed. */
  public void changed(long group, Collection<String> names) {
    run(
        () -> {
          Coordinator coordinator = coordinators.get(group);
          if (coordinator != null) {
            coordinator.changed(names);
            standstills.look(coordinator, names);
          }
        });
  }

  /** The consumer groups whose coordinators are led here, as they are now. */
  public List<GroupImage> led() {
    return coordinators.values().stream()
        .filter(Coordinator::leads)
        .flatMap(coordinator -> coordinator.groups().values().stream())
        .toList();
  }

  /** The metadata changed: topics may have come or gone. */
  public void metadataChanged() {
    run(() -> coordinators.values().forEach(Coordinator::refreshTopics));
  }

  /** Begins a member's session; the link hears how it goes. */
  public OpenSession open(SessionJoin join, MemberLink link) {
    OpenSession open = new OpenSession();
    run(() -> open.begin(of(join.getGroup()), join, link));
    return open;
  }

  private @Nullable Coordinator of(String consumerGroup) {
    return coordinators.get(Coordinators.of(consumerGroup));
  }

  /** Runs a command on a consumer group; fails with NOT_LEADER elsewhere, or as it is refused. */
  public CompletableFuture<ConsumerGroupOutcome> propose(ConsumerGroupCommand command) {
    return on(
        Coordinators.of(command.getGroup()), coordinator -> coordinator.queue().propose(command));
  }

  /** Tells consumer groups as they are after all that was acknowledged before. */
  public CompletableFuture<List<GroupPicture>> read(ReadGroupsRequest request) {
    return on(
        request.getCoordinator(),
        led -> led.queue().barrier().thenApply(done -> GroupPictures.of(led, request)));
  }

  private <T> CompletableFuture<T> on(
      long group, Function<Coordinator, CompletableFuture<T>> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    run(
        () -> {
          Coordinator coordinator = coordinators.get(group);
          CompletableFuture<T> answer =
              coordinator == null
                  ? CompletableFuture.failedFuture(
                      FlotillaException.notLeader("coordinator " + group + " is not here", null))
                  : action.apply(coordinator);
          var unused =
              answer.whenComplete(
                  (value, fault) -> {
                    if (fault == null) {
                      result.complete(value);
                    } else {
                      result.completeExceptionally(refusal(fault));
                    }
                  });
        });
    return result;
  }

  static FlotillaException refusal(Throwable fault) {
    Throwable cause =
        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    return cause instanceof FlotillaException known
        ? known
        : new FlotillaException(ErrorReason.ERROR_REASON_INTERNAL, String.valueOf(cause));
  }

  @Override
  public void close() {
    GroupExpiry begun = expiry;
    if (begun != null) {
      begun.close();
    }
    run(() -> coordinators.values().forEach(Coordinator::follow));
    thread.shutdown();
  }

  /** A member's session that was begun; for any thread. */
  public final class OpenSession {

    // Confined to the thread.
    private @Nullable Coordinator coordinator;
    private @Nullable Session session;

    private void begin(@Nullable Coordinator here, SessionJoin join, MemberLink link) {
      if (here == null) {
        link.end(FlotillaException.notLeader("the group's coordinator is not here", null));
      } else {
        coordinator = here;
        session = here.open(join, link);
      }
    }

    /** Partitions were let go, by model.PartitionId. */
    public void release(List<Long> partitionIds) {
      run(
          () -> {
            if (coordinator != null && session != null && !session.over()) {
              coordinator.release(session, partitionIds);
            }
          });
    }

    /** The member leaves for good; its link hears of the end when the group has let it go. */
    public void leave() {
      run(
          () -> {
            if (coordinator != null && session != null) {
              coordinator.leave(session);
            }
          });
    }

    /** Its stream has ended. */
    public void close() {
      run(
          () -> {
            if (coordinator != null && session != null) {
              coordinator.closed(session);
            }
          });
    }
  }
}
