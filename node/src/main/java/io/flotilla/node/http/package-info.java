/** The HTTP port: is the node alive, is it ready, what are its numbers. Floor 5. */
@NullMarked
package io.flotilla.node.http;

import org.jspecify.annotations.NullMarked;
