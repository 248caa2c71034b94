/**
 * What holds where no flag says otherwise: the environment, then the profile in use, then a
 * default; and the file that profiles are kept in.
 */
@NullMarked
package io.flotilla.cli.settings;

import org.jspecify.annotations.NullMarked;
