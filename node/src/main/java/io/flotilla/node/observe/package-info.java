/**
 * What the floors know of themselves, told as metrics: reads, and changes nothing. Floor 5; nobody
 * but the root knows of it.
 */
@NullMarked
package io.flotilla.node.observe;

import org.jspecify.annotations.NullMarked;
