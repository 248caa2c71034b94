/** What each page shows, made of what is known, and what may be changed. */
@NullMarked
package io.flotilla.console.page;

import org.jspecify.annotations.NullMarked;
