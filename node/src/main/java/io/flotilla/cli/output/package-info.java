/**
 * The one output layer: every answer of every command leaves through here, as a table, as JSON or
 * as lines of JSON, and the JSON of each is described by a schema that is derived from the same
 * records.
 */
@NullMarked
package io.flotilla.cli.output;

import org.jspecify.annotations.NullMarked;
