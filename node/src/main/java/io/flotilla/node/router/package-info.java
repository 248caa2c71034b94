/** Who answers for a partition or for the metadata: this node, or which other. Floor 4. */
@NullMarked
package io.flotilla.node.router;

import org.jspecify.annotations.NullMarked;
