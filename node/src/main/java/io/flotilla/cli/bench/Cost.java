package io.flotilla.cli.bench;

import io.flotilla.cli.output.Doc;
import java.util.Locale;

/** What processes took while something was measured. */
@Doc("What processes took while it was measured.")
record Cost(
    @Doc("Processes that were looked at.") int processes,
    @Doc("Their CPU time, user and system, in seconds.") double cpuSeconds,
    @Doc("CPU-seconds for each 1,000,000,000 bytes of values; 0: no bytes.") double cpuSecondsPerGb,
    @Doc("Cores they kept busy together.") double cores,
    @Doc("The largest resident set of one of them, in MiB.") long residentMib,
    @Doc("The most threads that one of them has.") long threads) {

  String text() {
    String share =
        cpuSecondsPerGb == 0 ? "" : String.format(Locale.ROOT, "%.1f CPU-s/GB, ", cpuSecondsPerGb);
    return share
        + String.format(
            Locale.ROOT, "%.2f cores, %d MiB resident, %d threads", cores, residentMib, threads);
  }
}
