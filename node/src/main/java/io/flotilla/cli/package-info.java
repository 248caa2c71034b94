/**
 * The command line {@code flotilla}: the way in, and the table of its commands. It talks to
 * clusters through the public client only and must start fast: nothing of a node is loaded but by
 * {@code node}.
 */
@NullMarked
package io.flotilla.cli;

import org.jspecify.annotations.NullMarked;
