/**
 * Value records and the one exception type: floor 0, pure, imported by everybody. Runs on any
 * thread.
 */
@NullMarked
package io.flotilla.node.model;

import org.jspecify.annotations.NullMarked;
