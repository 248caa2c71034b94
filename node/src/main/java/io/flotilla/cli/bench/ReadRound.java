package io.flotilla.cli.bench;

import io.flotilla.cli.output.Doc;
import org.jspecify.annotations.Nullable;

/** One round of {@code bench subscribe}. */
@Doc("One round: every reader read the whole topic. The first one pays for warming up.")
record ReadRound(
    @Doc("Which one, from 1.") int round,
    @Doc("Readers, each of which read everything.") int readers,
    @Doc("Events that all readers got together.") long events,
    @Doc("Bytes of their values.") long bytes,
    @Doc("From the first reader's begin to the last one's end.") double seconds,
    @Doc("Events a second of all readers together.") double eventsPerSecond,
    @Doc("MB a second of all readers together, of values.") double mbPerSecond,
    @Doc("The nodes; null: not all of them are on this machine.") @Nullable Cost nodes,
    @Doc("This client; null: not to be seen on this system.") @Nullable Cost client) {}
