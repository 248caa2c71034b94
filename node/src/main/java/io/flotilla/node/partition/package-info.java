/**
 * A topic partition as this node hosts it: append with group commit, read, wait for more;
 * PartitionSet opens and closes them. Floor 3.
 */
@NullMarked
package io.flotilla.node.partition;

import org.jspecify.annotations.NullMarked;
