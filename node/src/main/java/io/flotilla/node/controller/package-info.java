/**
 * Cluster metadata led here: placing replicas, registering nodes. Proposes, never mutates. Floor 3.
 */
@NullMarked
package io.flotilla.node.controller;

import org.jspecify.annotations.NullMarked;
