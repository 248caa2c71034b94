/**
 * Events out: positions as people write them, events as values, lines of JSON, tables, templates.
 */
@NullMarked
package io.flotilla.cli.subscribe;

import org.jspecify.annotations.NullMarked;
