/**
 * What every command shares: its options, the way it is run, and the way its help looks. Imported
 * by the commands, imports none of them.
 */
@NullMarked
package io.flotilla.cli.command;

import org.jspecify.annotations.NullMarked;
