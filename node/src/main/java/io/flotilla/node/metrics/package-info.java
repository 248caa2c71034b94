/**
 * What a node measures of itself, for Prometheus; the only door to the metrics library. Floor 0.
 */
@NullMarked
package io.flotilla.node.metrics;

import org.jspecify.annotations.NullMarked;
