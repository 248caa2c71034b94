package io.flotilla.console.events;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * How far a search is; what is covered is always said.
 *
 * @param scanned offsets seen
 * @param total offsets there are between begin and end
 * @param found events found
 * @param reachedMs append time of the event seen last; 0 = none yet
 * @param ended why it ended: "done" (all is seen), "limit", "time"; empty = it goes on
 * @param resume where to go on, as the address has it; only when it ended
 */
record Progress(long scanned, long total, int found, long reachedMs, String ended, String resume) {

  static String resume(Map<Integer, Long> positions) {
    return positions.entrySet().stream()
        .map(each -> each.getKey() + ":" + each.getValue())
        .collect(Collectors.joining(","));
  }
}
