/** Floor 0: files whose content survives a power cut. Knows no file by its meaning. */
@NullMarked
package io.flotilla.node.disk;

import org.jspecify.annotations.NullMarked;
