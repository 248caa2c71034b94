/** Files that the node carries, for the tools beside it. */
@NullMarked
package io.flotilla.cli.generate;

import org.jspecify.annotations.NullMarked;
