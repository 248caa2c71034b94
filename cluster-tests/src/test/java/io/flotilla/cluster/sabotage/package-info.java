/**
 * Faults within a node's process: it dies at a chosen step, or breaks a chosen promise. A Java
 * agent weaves them into the classes of a node that a test starts. The product has no switch, no
 * hook and no class for it, so nothing of it can be reached in what is shipped.
 */
@NullMarked
package io.flotilla.cluster.sabotage;

import org.jspecify.annotations.NullMarked;
