/**
 * The campaign: scenarios that hurt a cluster under everything that clients do, and a judge for
 * each. From JUnit a minute each, from cluster-tests/run-campaign for hours.
 */
@NullMarked
package io.flotilla.cluster.campaign;

import org.jspecify.annotations.NullMarked;
