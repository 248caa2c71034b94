package io.flotilla.client;

/**
 * Where an event went.
 *
 * @param topic its topic
 * @param partition its partition
 * @param offset its offset; {@link #OFFSET_UNKNOWN} when the cluster knows that the event was
 *     written before, but no longer where
 * @param duplicate the event had been written by an earlier attempt; it is there once
 */
public record Position(String topic, int partition, long offset, boolean duplicate) {

  /** The event is written, its offset is forgotten (the repetition came too late). */
  public static final long OFFSET_UNKNOWN = -1;
}
