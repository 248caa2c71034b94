/**
 * What everybody who generates stubs relies on: the protocol, and the examples in each language.
 */
@NullMarked
package io.flotilla.cluster.languages;

import org.jspecify.annotations.NullMarked;
