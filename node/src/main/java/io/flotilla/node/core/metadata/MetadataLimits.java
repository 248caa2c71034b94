package io.flotilla.node.core.metadata;

/** The bounds that the metadata keeps on apply. They must be the same on every node: constants. */
public final class MetadataLimits {

  public static final int PARTITIONS_PER_TOPIC_MAX = 5_000;

  /** Producer ids that one command may take. */
  public static final int PRODUCER_IDS_PER_COMMAND_MAX = 10_000;

  /** Producer names that are remembered; each has a row for ever. */
  public static final int PRODUCER_NAMES_MAX = 100_000;

  public static final int PRODUCER_NAME_CHARS_MAX = 200;

  /** Group numbers begin here, so that nobody takes one for a partition's number. */
  public static final long FIRST_GROUP = 1000;

  private MetadataLimits() {}
}
