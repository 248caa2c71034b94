/**
 * Flotilla and Apache Kafka side by side on one machine: {@code cluster-tests/bench/compare-kafka}.
 */
@NullMarked
package io.flotilla.cluster.compare;

import org.jspecify.annotations.NullMarked;
