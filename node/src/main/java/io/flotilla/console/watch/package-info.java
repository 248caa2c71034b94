/**
 * What the console knows of the cluster: looked at while somebody looks, kept for a quarter of an
 * hour.
 */
@NullMarked
package io.flotilla.console.watch;

import org.jspecify.annotations.NullMarked;
