package io.flotilla.client;

import java.time.Instant;

/**
 * Something that happened to a consumer group.
 *
 * @param generation the generation that it made
 * @param time when
 * @param what in words: "consumer-1 joined"
 */
public record GroupChange(long generation, Instant time, String what) {}
