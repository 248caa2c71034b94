/** {@code flotilla doctor}: what is wrong with a cluster, and what to do about it. */
@NullMarked
package io.flotilla.cli.doctor;

import org.jspecify.annotations.NullMarked;
