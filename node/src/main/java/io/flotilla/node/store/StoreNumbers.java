package io.flotilla.node.store;

/**
 * How a store is doing, at one moment.
 *
 * @param stallMicros for how long writers were held back altogether, since it was opened
 * @param pendingCompactionBytes what compaction has still to rewrite, about
 * @param cacheBytes memory of cached blocks and of what is not yet flushed
 * @param cacheSizeBytes what that may grow to
 * @param tableBytes memory of open files' indexes beside it
 * @param fileBytes of all its files that are in use
 * @param jobs flushes and compactions that run now
 */
public record StoreNumbers(
    long stallMicros,
    long pendingCompactionBytes,
    long cacheBytes,
    long cacheSizeBytes,
    long tableBytes,
    long fileBytes,
    long jobs) {

  /** Of a store that has none to tell. */
  public static final StoreNumbers NONE = new StoreNumbers(0, 0, 0, 0, 0, 0, 0);
}
