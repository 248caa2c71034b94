package io.flotilla.console.page;

/**
 * Who serves a page; with each answer.
 *
 * @param node the node
 * @param version of its software
 * @param actions whether anything may be changed here
 */
public record Place(int node, String version, boolean actions) {}
