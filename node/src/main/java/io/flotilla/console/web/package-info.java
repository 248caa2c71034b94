/** What is the same for all answers: who may ask, parameters, JSON, files, streams of events. */
@NullMarked
package io.flotilla.console.web;

import org.jspecify.annotations.NullMarked;
