/**
 * Consumer groups, pure: members, generations, who has what; assignors as plain functions. Run by
 * the thread that applies; seen by the coordinator and by who reads images.
 */
@NullMarked
package io.flotilla.node.core.group;

import org.jspecify.annotations.NullMarked;
