/** Profiles: which cluster commands mean, and how they answer, where no flag says so. */
@NullMarked
package io.flotilla.cli.profile;

import org.jspecify.annotations.NullMarked;
