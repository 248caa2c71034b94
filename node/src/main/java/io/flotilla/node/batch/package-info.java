/**
 * Event batches: encode, check, decode. The only importer of compression libraries and checksums.
 * Floor 0, pure; any thread.
 */
@NullMarked
package io.flotilla.node.batch;

import org.jspecify.annotations.NullMarked;
