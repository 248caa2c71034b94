/** Consumer groups whose members and nodes come and go: one class per disaster. */
@NullMarked
package io.flotilla.cluster.group;

import org.jspecify.annotations.NullMarked;
