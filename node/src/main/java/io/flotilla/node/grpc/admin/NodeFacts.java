package io.flotilla.node.grpc.admin;

import java.util.function.LongSupplier;

/**
 * What a node tells of itself that other parts of it know. Safe.
 *
 * @param consoleAddress where its web console answers, as {@code host:port}; empty: it has none
 * @param elections elections that replicas here stood in, since the process began
 * @param leaderships times that a replica here became the leader, since the process began
 */
public record NodeFacts(String consoleAddress, LongSupplier elections, LongSupplier leaderships) {}
