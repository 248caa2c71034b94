package io.flotilla.doctor;

import java.util.ArrayList;
import java.util.List;

/**
 * What a check found. Immutable.
 *
 * @param what one sentence each, the first the most important; of a check that is well, what it saw
 * @param command what shows more of it, or whether it is over, word by word as a shell takes it
 */
public record Finding(Check check, Verdict verdict, List<String> what, List<String> command) {

  /** As many sentences are told; the rest are counted. */
  private static final int TOLD_MAX = 5;

  public Finding {
    what = List.copyOf(what);
    command = List.copyOf(command);
  }

  /** Something has to be done. */
  public boolean wrong() {
    return verdict.compareTo(Verdict.UNKNOWN) > 0;
  }

  static Finding ok(Check check, String seen) {
    return new Finding(check, Verdict.OK, List.of(seen), check.lookAgain());
  }

  static Finding unknown(Check check, String why) {
    return new Finding(check, Verdict.UNKNOWN, List.of(why), check.lookAgain());
  }

  /** Collects what is wrong with one thing; in the end it is well when nothing was. */
  static final class Collector {
    private final Check check;
    private final List<String> failures = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private List<String> command;

    Collector(Check check) {
      this.check = check;
      command = check.lookAgain();
    }

    /** What shows more of all that was found. */
    Collector shownBy(String... words) {
      command = List.of(words);
      return this;
    }

    boolean isEmpty() {
      return failures.isEmpty() && warnings.isEmpty();
    }

    void fail(String what) {
      failures.add(what);
    }

    void warn(String what) {
      warnings.add(what);
    }

    /**
     * @param seen what to say when nothing is wrong
     */
    Finding orOk(String seen) {
      if (isEmpty()) {
        return ok(check, seen);
      }
      List<String> all = new ArrayList<>(failures);
      all.addAll(warnings);
      List<String> told = new ArrayList<>(all.subList(0, Math.min(TOLD_MAX, all.size())));
      if (all.size() > TOLD_MAX) {
        told.add("and " + (all.size() - TOLD_MAX) + " more");
      }
      return new Finding(check, failures.isEmpty() ? Verdict.WARN : Verdict.FAIL, told, command);
    }
  }
}
