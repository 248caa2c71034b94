package io.flotilla.cluster.campaign;

import com.google.errorprone.annotations.Immutable;
import java.time.Duration;
import java.util.List;

/**
 * What happens to a cluster, one round of it: it ends with every node running, and the network, the
 * disks and the clocks healed. A scenario is as many rounds as its time has room for.
 */
enum Scenario {
  /** The leader of a partition dies, and comes back. */
  KILL_LEADER(
      stage -> {
        int node = stage.killLeader();
        stage.last(stage.about(3, 6));
        stage.start(node);
        stage.last(stage.about(2, 4));
      }),
  /** It stands still for longer than an election takes, and wakes up deposed. */
  PAUSE_LEADER(
      stage -> {
        stage.pause(stage.leader(), stage.about(5, 9));
        stage.last(stage.about(3, 5));
      }),
  /** No other node reaches it, while clients do. */
  ISOLATE_LEADER(
      stage -> {
        int node = stage.leader();
        stage.hurt("isolate node " + node);
        stage.cluster().isolate(node);
        stage.last(stage.about(5, 12));
        stage.heal();
        stage.last(stage.about(3, 5));
      }),
  /** It is heard by nobody and hears all, or the other way round. */
  ONE_WAY(
      stage -> {
        int node = stage.leader();
        boolean silent = stage.random().nextBoolean();
        stage.hurt((silent ? "nobody hears node " : "deaf is node ") + node);
        stage
            .cluster()
            .ids()
            .filter(other -> other != node)
            .forEach(
                other -> stage.cluster().cutOneWay(silent ? node : other, silent ? other : node));
        stage.last(stage.about(5, 12));
        stage.heal();
        stage.last(stage.about(3, 5));
      }),
  /** Each node reaches a majority, another one each; no two agree who is there. */
  MAJORITIES_RING(
      stage -> {
        int size = stage.cluster().size();
        stage.hurt("each node sees only its neighbours");
        int shift = stage.random().nextInt(size);
        if (size == 3) {
          stage.cluster().network().cut(1 + shift, 1 + (shift + 1) % size);
        } else {
          for (int node = 0; node < size; node++) {
            stage.cluster().network().cut(1 + node, 1 + (node + 2) % size);
          }
        }
        stage.last(stage.about(8, 12));
        stage.heal();
        stage.last(stage.about(3, 5));
      }),
  /** Two of kill, pause and cut at once. */
  MIX(
      stage -> {
        int one = stage.leader();
        int other = stage.otherThan(one);
        stage.hurt("cut node " + one + " from node " + other);
        stage.cluster().network().cut(one, other);
        if (stage.random().nextBoolean()) {
          int third = stage.anyNode();
          stage.hurt("and kill node " + third);
          stage.cluster().kill(third);
          stage.last(stage.about(3, 6));
          stage.cluster().start(third);
        } else {
          int third = stage.anyNode();
          stage.hurt("and pause node " + third);
          stage.cluster().pause(third);
          stage.last(stage.about(3, 6));
          stage.cluster().resume(third);
        }
        stage.last(stage.about(1, 3));
        stage.heal();
        stage.last(stage.about(3, 5));
      }),
  /** All processes die at one moment. */
  KILL_ALL(
      stage -> {
        stage.hurt("kill all nodes");
        stage.cluster().killAll();
        stage.startAll();
        stage.last(stage.about(5, 8));
      }),
  /** What one node's disk had not synced is gone. */
  POWER_LOSS_OF_ONE(
      stage -> {
        int node = stage.leader();
        stage.losePower(List.of(node));
        stage.last(stage.about(1, 4));
        stage.start(node);
        stage.last(stage.about(3, 5));
      }),
  /** What no node's disk had synced is gone. */
  POWER_LOSS_OF_ALL(
      stage -> {
        stage.losePower(stage.cluster().ids().toList());
        stage.startAll();
        stage.last(stage.about(5, 8));
      }),
  /** Not a byte more fits onto one node's disk, which may end it, until something is deleted. */
  DISK_FULL(
      stage -> {
        int node = stage.leader();
        stage.hurt("fill the disk of node " + node);
        stage.cluster().fillDisk(node);
        stage.last(stage.about(5, 10));
        stage.heal();
        stage.last(stage.about(4, 6));
        stage.startEnded();
      }),
  /** One node after the other is stopped as for an upgrade. */
  ROLLING_RESTART(
      stage -> {
        for (int node = 1; node <= stage.cluster().size(); node++) {
          stage.stop(node);
          stage.start(node);
          stage.last(stage.about(2, 4));
        }
      }),
  /** A clock is hours or days wrong, and a disk hardly writes any more. */
  CLOCKS_AND_SLOW_DISK(
      stage -> {
        int node = stage.anyNode();
        List<Duration> errors =
            List.of(Duration.ofHours(2), Duration.ofHours(-2), Duration.ofDays(10));
        Duration error = errors.get(stage.random().nextInt(errors.size()));
        stage.hurt("the clock of node " + node + " is wrong by " + error);
        stage.cluster().jumpClock(node, error);
        int slow = stage.anyNode();
        stage.hurt("node " + slow + " can write 30 times a second");
        stage.cluster().slowDisk(slow, 30);
        stage.last(stage.about(8, 12));
        stage.heal();
        stage.last(stage.about(3, 5));
      });

  private final Round round;

  /** What happens in one round. */
  @FunctionalInterface
  @Immutable
  private interface Round {
    void on(Stage stage);
  }

  Scenario(Round round) {
    this.round = round;
  }

  void round(Stage stage) {
    round.on(stage);
  }
}
