/**
 * What went wrong, said in one form: what was asked, which server and how far the connection came,
 * why, and what to do. Texts come from the error catalogue of the protocol.
 */
@NullMarked
package io.flotilla.cli.error;

import org.jspecify.annotations.NullMarked;
