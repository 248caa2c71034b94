/** The cluster as it works: nodes, the busiest topics, the groups that are furthest behind. */
@NullMarked
package io.flotilla.cli.top;

import org.jspecify.annotations.NullMarked;
