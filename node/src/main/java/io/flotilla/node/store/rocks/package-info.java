/** The only importer of RocksDB; imported by the composition root alone. */
@NullMarked
package io.flotilla.node.store.rocks;

import org.jspecify.annotations.NullMarked;
