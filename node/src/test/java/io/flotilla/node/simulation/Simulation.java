package io.flotilla.node.simulation;

import io.flotilla.node.core.metadata.Metadata;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.proto.state.v1.AppendBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a schedule: each step means something whatever came before it, or nothing. What
 * follows a schedule is the same each time. Confined to one thread.
 */
final class Simulation {

  private static final int PRODUCERS = 4;
  private static final int READERS = 4;
  private static final int MEMBERS = 6;

  /** A leap of the clock; producers are not forgotten for one, but for some of them. */
  private static final long LEAP_MS = 240L * 60 * 60 * 1000;

  private final Swarm swarm;
  private final History history = new History();
  private final SimCluster cluster;
  private final World world;
  private final List<SimProducer> producers;
  private final List<SimReader> readers;
  private final List<SimMember> members;
  private final List<Sent> anonymous = new ArrayList<>();
  private final Admin admin;
  private final Cleaner cleaner;

  private Simulation(Swarm swarm, Build build) {
    this.swarm = swarm;
    this.cluster = new SimCluster(swarm, build, history);
    this.world = new World(cluster, history);
    this.producers =
        IntStream.range(0, PRODUCERS).mapToObj(i -> new SimProducer(world, "p" + i)).toList();
    this.readers = IntStream.range(0, READERS).mapToObj(i -> new SimReader(world)).toList();
    this.members =
        IntStream.range(0, MEMBERS)
            .mapToObj(i -> new SimMember(world, "m" + i, Admin.group(i), i % 3 == 0 ? "t*" : "t0"))
            .toList();
    this.admin = new Admin(world);
    this.cleaner = new Cleaner(world);
  }

  /**
   * Runs a schedule and checks everything. Answers what happened.
   *
   * @throws Violation when an invariant does not hold
   */
  static History run(Schedule schedule, Build build) {
    Simulation simulation = new Simulation(schedule.swarm(), build);
    try {
      simulation.runAll(schedule);
    } finally {
      simulation.cluster.close();
    }
    return simulation.history;
  }

  private void runAll(Schedule schedule) {
    begin();
    for (int i = 0; i < schedule.steps().size(); i++) {
      try {
        step(schedule.steps().get(i));
      } catch (Violation e) {
        e.at(i);
        throw e;
      }
    }
    new Quiet(world, producers, members).run();
    anonymous.forEach(Sent::settle);
    history.checkFailed();
  }

  /** What a schedule violates; null = nothing. */
  static @Nullable Violation find(Schedule schedule, Build build) {
    try {
      run(schedule, build);
      return null;
    } catch (Violation e) {
      return e;
    }
  }

  /** A coordinator, and two topics, one of which is compacted. */
  private void begin() {
    cluster.elect(cluster.raft(GroupIds.METADATA), cluster.node(0), 0);
    String[] peers = cluster.nodes().stream().map(node -> node.id() + ".a").toArray(String[]::new);
    admin.metadata(Metadata.newCoordinator(SimMember.COORDINATOR, peers), Proposal.NOBODY);
    admin.create(0, 1);
    admin.create(1, 0);
    for (int i = 0; i < 2; i++) {
      cluster.rafts().values().forEach(raft -> cluster.commit(raft, Integer.MAX_VALUE));
      cluster.nodes().forEach(node -> deliver(node, GroupIds.METADATA, Integer.MAX_VALUE));
    }
  }

  private void deliver(SimNode node, long group, int entries) {
    Replica replica = node.replica(group);
    if (replica != null) {
      cluster.deliver(node, replica, entries);
    }
  }

  private void step(Step step) {
    int a = step.a();
    int b = step.b();
    int c = step.c();
    switch (step.kind()) {
      case PUBLISH, RETRY, REOPEN, GHOST, ANONYMOUS -> publish(step);
      case READ -> readers.get(a % READERS).read(world.partition(c), cluster.node(b), c % 2_000);
      case COMMIT -> commit(a, b, c);
      case DELIVER, CRASH, START, ISOLATE, HEAL, FLUSH, WIPE, AUDIT -> node(step);
      case ELECT -> elect(b, a, c);
      case REBUILD -> rebuild(cluster.node(a), b, cluster.node(c));
      case CLOCK -> clock(a, b, c);
      case JOIN -> members.get(a % MEMBERS).join();
      case LEAVE -> members.get(a % MEMBERS).leave();
      case EXPIRE -> members.get(a % MEMBERS).expire();
      case SYNC -> members.get(a % MEMBERS).sync();
      case CONSUME -> members.get(a % MEMBERS).consume(b, cluster.node(c));
      case TOPICS -> admin.topics(a);
      case RESET -> admin.reset(a, world.partition(b), c);
      case FORGET -> admin.forget(a, world.partition(b), c);
      case DISBAND -> admin.disband(a);
      case CREATE -> admin.create(a, b);
      case DROP -> admin.drop(a);
      case ALTER -> admin.alter(a, b);
      case REGISTER -> admin.register(a, b);
      case TRIM -> admin.trim(world.partition(a), b);
      case RETAIN -> cleaner.retain(world.partition(a));
      case COMPACT -> cleaner.compact(world.partition(a), b);
    }
  }

  private void publish(Step step) {
    PartitionId partition = world.partition(step.b());
    if (partition == null) {
      return;
    }
    SimProducer producer = producers.get(step.a() % PRODUCERS);
    int c = step.c();
    switch (step.kind()) {
      case PUBLISH -> producer.publish(partition, 1 + c % 4, 1 + (c >> 4) % 4, c % 7 != 0);
      case RETRY -> producer.retry(partition);
      case REOPEN -> producer.open();
      case GHOST -> producer.ghost(partition, 1 + c % 3);
      default -> anonymous(partition, 1 + c % 5);
    }
  }

  private void anonymous(PartitionId partition, int events) {
    long tag = history.nextTag();
    AppendBatch append =
        AppendBatch.newBuilder()
            .setBatch(Payloads.batch(tag, events, cluster.nowMs()))
            .setFirstSequence(-1)
            .build();
    Sent sent = new Sent(world, partition, append, tag, why -> {});
    anonymous.add(sent);
    sent.send();
  }

  private void commit(int which, int entries, int node) {
    List<IdealRaft> busy =
        cluster.rafts().values().stream()
            .filter(raft -> raft.hasWork() || cluster.leader(raft.group()) == null)
            .toList();
    if (busy.isEmpty()) {
      return;
    }
    IdealRaft raft = busy.get(which % busy.size());
    if (cluster.leader(raft.group()) == null) {
      cluster.elect(raft, cluster.node(node), node % 4);
    } else {
      cluster.commit(raft, 1 + entries % 8);
      SimNode leader = cluster.leader(raft.group());
      if (leader != null && entries % 5 != 0) {
        deliver(leader, raft.group(), swarm.burst());
      }
    }
  }

  private void elect(int which, int node, int kept) {
    List<IdealRaft> rafts = List.copyOf(cluster.rafts().values());
    cluster.elect(rafts.get(which % rafts.size()), cluster.node(node), kept % 4);
  }

  private void node(Step step) {
    SimNode node = cluster.node(step.a());
    switch (step.kind()) {
      case DELIVER -> deliverSome(node, step.b(), step.c());
      case CRASH -> {
        if (node.isUp()) {
          cluster.crash(node);
        }
      }
      case START -> {
        if (!node.isUp()) {
          node.start();
        }
      }
      case ISOLATE -> node.connect(false);
      case HEAL -> node.connect(true);
      case FLUSH -> {
        if (node.isUp()) {
          node.flush(swarm.purgeEvery());
        }
      }
      case WIPE -> cluster.wipe(node);
      default -> audit(node, step.b());
    }
  }

  private void deliverSome(SimNode node, int entries, int which) {
    if (!node.isUp()) {
      return;
    }
    List<Replica> behind =
        node.replicas().values().stream().filter(one -> cluster.lags(node, one)).toList();
    if (!behind.isEmpty()) {
      cluster.deliver(node, behind.get(which % behind.size()), 1 + entries % swarm.burst());
    }
  }

  private void audit(SimNode node, int which) {
    PartitionId id = world.partition(which);
    Long group = id == null ? null : world.group(id);
    Replica replica = group == null || !node.isUp() ? null : node.replica(group);
    if (id != null && replica != null) {
      new Audit(node, history.partition(id)).shown(replica);
    }
  }

  private void rebuild(SimNode node, int which, SimNode peer) {
    List<Long> hosted = List.copyOf(node.replicas().keySet());
    Replica replica = hosted.isEmpty() ? null : node.replica(hosted.get(which % hosted.size()));
    if (replica != null) {
      boolean dies = which % 4 == 0;
      int chunksMax = dies ? which / 4 % 8 : Integer.MAX_VALUE;
      if (cluster.rebuilder().from(peer, node, replica, chunksMax)) {
        history
            .tally()
            .count(node.isUp() ? Tally.Event.REBUILT_BY_FORCE : Tally.Event.REBUILD_BROKEN_OFF);
      }
    }
  }

  private void clock(int ms, int leap, int back) {
    long by = leap % 16 == 0 ? LEAP_MS : ms % 3_000;
    cluster.pass(back % 8 == 0 ? -by : by);
  }
}
