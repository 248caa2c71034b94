/**
 * The node's settings as records with defaults and validate(); ConfigLoader (YAML, environment) is
 * used by Main alone. Floor 0.
 */
@NullMarked
package io.flotilla.node.config;

import org.jspecify.annotations.NullMarked;
