package io.flotilla.client;

/**
 * Counters of a producer since it was made.
 *
 * @param eventsAcknowledged events known to be written
 * @param eventsFailed events whose future failed
 * @param batchesSent batches handed to the network, repetitions included
 * @param batchesResent repetitions among them
 * @param duplicates batches the cluster recognised as written by an earlier attempt
 * @param bytesSent payload bytes of batches sent
 * @param reconnects publishing streams opened after the first one of each node
 * @param bufferedBytes bytes of events that wait or are under way now
 */
public record ProducerStats(
    long eventsAcknowledged,
    long eventsFailed,
    long batchesSent,
    long batchesResent,
    long duplicates,
    long bytesSent,
    long reconnects,
    long bufferedBytes) {}
