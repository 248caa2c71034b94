/**
 * The Helm chart, without a Kubernetes: what it renders, and whether that is what Kubernetes knows.
 */
@NullMarked
package io.flotilla.cluster.chart;

import org.jspecify.annotations.NullMarked;
