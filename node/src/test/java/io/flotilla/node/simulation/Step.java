package io.flotilla.node.simulation;

import java.util.List;

/**
 * One thing that happens. Its numbers are read by what there is at the moment, modulo: any sublist
 * of a schedule is a schedule. Immutable.
 */
record Step(Kind kind, int a, int b, int c) {

  /** Numbers of a step are below. */
  static final int BOUND = 1 << 16;

  /** What may happen, how often beside the others, and whether a swarm may leave it out. */
  enum Kind {
    /** Producer a sends batches to partition b; c: how many, how large. */
    PUBLISH(300, false),
    /** Producer a gives up waiting for answers of partition b and sends again. */
    RETRY(40, true),
    /** Producer a starts anew under its name, in the next epoch; its past self lives on. */
    REOPEN(12, true),
    /** Producer a's past self sends to partition b. */
    GHOST(25, true),
    /** Someone without a name sends c events to partition b. */
    ANONYMOUS(60, true),
    /** Reader a reads on at node b, about c bytes. */
    READ(60, true),
    /** Of the groups with work the a-th proposes and commits b entries; without leader, elects. */
    COMMIT(260, false),
    /** Node a applies b entries of the c-th group in which it lags. */
    DELIVER(420, false),
    /** Group b elects node a; c of the uncommitted entries survive. */
    ELECT(12, false),
    /** Node a dies, and with it what it had not flushed. */
    CRASH(6, true),
    /** Node a starts. */
    START(20, false),
    /** Nobody reaches node a any more. */
    ISOLATE(8, true),
    /** Node a is reached again. */
    HEAL(24, false),
    /** Node a flushes, and purges its logs when there is enough. */
    FLUSH(25, false),
    /** Node a's group b is built anew from node c, or node a dies in the middle of it. */
    REBUILD(6, true),
    /** Node a comes with a new disk. */
    WIPE(2, true),
    /** Time goes on by a ms, or leaps when b is large; back when c is. */
    CLOCK(40, false),
    /** Member a joins its group. */
    JOIN(24, true),
    /** Member a leaves. */
    LEAVE(8, true),
    /** Member a is thought dead, and does not know. */
    EXPIRE(10, true),
    /** Member a hears what it has and lets go of what it has no more. */
    SYNC(40, true),
    /** Member a reads on in its b-th partition at node c, and commits. */
    CONSUME(70, true),
    /** Group a is told of the topics that there are. */
    TOPICS(6, true),
    /** Group a is reset in partition b to somewhere. */
    RESET(12, true),
    /** A cursor of group a in partition b is forgotten if it was not used for long. */
    FORGET(12, true),
    /** Group a is deleted. */
    DISBAND(6, true),
    /** Topic a is created. */
    CREATE(6, true),
    /** Topic a is deleted. */
    DROP(2, true),
    /** Topic a is altered. */
    ALTER(4, true),
    /** Producer ids are taken, nodes register, leaders are reported. */
    REGISTER(4, true),
    /** Partition a is trimmed somewhere. */
    TRIM(5, true),
    /** Partition a is trimmed by its age. */
    RETAIN(4, true),
    /** Partition a is compacted. */
    COMPACT(20, true),
    /** Node a's whole log of partition b is read and compared. */
    AUDIT(2, false);

    private final int weight;
    private final boolean optional;

    Kind(int weight, boolean optional) {
      this.weight = weight;
      this.optional = optional;
    }

    int weight() {
      return weight;
    }

    boolean optional() {
      return optional;
    }
  }

  @Override
  public String toString() {
    return kind + " " + a + " " + b + " " + c;
  }

  static Step parse(String line) {
    List<String> words = List.of(line.strip().split(" "));
    return new Step(
        Kind.valueOf(words.get(0)),
        Integer.parseInt(words.get(1)),
        Integer.parseInt(words.get(2)),
        Integer.parseInt(words.get(3)));
  }
}
