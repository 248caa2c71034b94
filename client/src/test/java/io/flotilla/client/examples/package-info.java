/** What using the client looks like; the README quotes these. */
@NullMarked
package io.flotilla.client.examples;

import org.jspecify.annotations.NullMarked;
