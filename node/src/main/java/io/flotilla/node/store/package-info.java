/**
 * The ordered key-value port: floor 0, pure. Tables enumerate the column families. Its two
 * implementations are store.MemoryStore and store.rocks.
 */
@NullMarked
package io.flotilla.node.store;

import org.jspecify.annotations.NullMarked;
