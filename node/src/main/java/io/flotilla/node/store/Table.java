package io.flotilla.node.store;

/** The tables of a node's store: RocksDB's column families. Keys are ordered as unsigned bytes. */
public enum Table {
  /** How far each Raft group has been applied: group number (8) → AppliedState. */
  RAFT,
  /** Partition id (8) → its place (8), if that is not the first one (core.log.LogPlace). */
  PLACES,
  /** Place (8) → PartitionState. */
  PARTITIONS,
  /** Place (8), first offset (8) → StoredBatch. */
  EVENTS,
  /** Place (8), level (8), block (8) → its largest timestamp (8) (core.log.TimeBlocks). */
  TIMES,
  /** Place (8), first offset of a batch about every MiB (8) → LogMark. */
  MARKS,
  /** Place (8), producer id (8) → ProducerState. */
  PRODUCERS,
  /** Place (8), event key → KeyState: the latest event of each key, as far as it was compacted. */
  KEYS,
  /** Place (8), first offset of a batch (8) → SupersededEvents, not yet removed from it. */
  SUPERSEDED,
  /** Place (8), when it may go (8), offset of the tombstone (8) → its key. */
  TOMBSTONES,
  /** Place (8), consumer group's name → CursorState: how far the group is in the partition. */
  CURSORS,
  /** Coordinator group (8), then as core.group.GroupKeys says: consumer groups and members. */
  GROUPS,
  /** The metadata group's own keys. */
  METADATA
}
