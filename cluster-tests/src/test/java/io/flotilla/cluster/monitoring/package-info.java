/** What operators see of a cluster: its metrics, and the dashboard and rules that are shipped. */
@NullMarked
package io.flotilla.cluster.monitoring;

import org.jspecify.annotations.NullMarked;
