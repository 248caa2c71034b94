/** Topics: create, list, describe, alter, trim, delete. */
@NullMarked
package io.flotilla.cli.topic;

import org.jspecify.annotations.NullMarked;
