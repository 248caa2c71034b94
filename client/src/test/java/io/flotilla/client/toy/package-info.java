/**
 * An honest cluster in memory that speaks the protocol over real connections: keeps sequences and
 * offsets, and fails on request. For tests of the client alone.
 */
@NullMarked
package io.flotilla.client.toy;

import org.jspecify.annotations.NullMarked;
