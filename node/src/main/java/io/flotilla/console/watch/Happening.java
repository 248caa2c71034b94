package io.flotilla.console.watch;

/**
 * Something that happened to the cluster while somebody looked.
 *
 * @param atMs when it was seen, in milliseconds since 1970
 * @param text in words
 * @param link the page that shows more, as the address behind the hash; empty = none
 */
public record Happening(long atMs, String text, String link) {}
