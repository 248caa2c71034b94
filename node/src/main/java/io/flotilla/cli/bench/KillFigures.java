package io.flotilla.cli.bench;

import io.flotilla.cli.output.Doc;

/** One kill of {@code bench failover}. */
@Doc("One kill -9 of the node that leads the partition.")
record KillFigures(
    @Doc("Which one, from 1.") int kill,
    @Doc("The node that was killed.") int node,
    @Doc("The longest time without an acknowledgement.") long writePauseMs,
    @Doc("The longest time in which the reader got nothing.") long readPauseMs,
    @Doc("The latest acknowledgement, from when its event was due.") long latestMs,
    @Doc("Events that failed.") long failed) {}
