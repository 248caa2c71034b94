/**
 * What is wrong with a cluster, and what to do about it: judged from what its nodes tell, for the
 * command line and the console alike. Pure: whoever asks hands in what was answered.
 */
@NullMarked
package io.flotilla.doctor;

import org.jspecify.annotations.NullMarked;
