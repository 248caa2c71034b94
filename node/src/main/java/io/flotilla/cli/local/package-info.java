/**
 * Nodes on this machine: a folder that remembers the ports, a process a node, and the commands that
 * start and stop them.
 */
@NullMarked
package io.flotilla.cli.local;

import org.jspecify.annotations.NullMarked;
