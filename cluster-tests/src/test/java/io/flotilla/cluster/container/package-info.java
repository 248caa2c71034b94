/** The image that docker/build.sh makes, as a cluster of containers. */
@NullMarked
package io.flotilla.cluster.container;

import org.jspecify.annotations.NullMarked;
