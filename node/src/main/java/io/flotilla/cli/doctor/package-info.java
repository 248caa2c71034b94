/**
 * What is wrong with a cluster, a partition or a consumer group, and what to do about it: {@code
 * flotilla doctor}, {@code explain}, {@code cluster health}. One set of checks judges for all.
 */
@NullMarked
package io.flotilla.cli.doctor;

import org.jspecify.annotations.NullMarked;
