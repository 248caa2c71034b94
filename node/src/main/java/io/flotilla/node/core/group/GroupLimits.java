package io.flotilla.node.core.group;

/** The bounds that a coordinator keeps on apply. The same on every node: constants. */
public final class GroupLimits {

  public static final int MEMBERS_MAX = 2_000;

  /** Consumer groups of one coordinator. */
  public static final int GROUPS_MAX = 20_000;

  /** Topics that a consumer group knows. */
  public static final int TOPICS_MAX = 500;

  /** Partitions of all topics that a consumer group knows. */
  public static final int PARTITIONS_MAX = 20_000;

  /** Names and patterns of one member. */
  public static final int SUBSCRIPTIONS_MAX = 100;

  /** Changes that are remembered to be told. */
  public static final int EVENTS_KEPT = 20;

  private GroupLimits() {}
}
