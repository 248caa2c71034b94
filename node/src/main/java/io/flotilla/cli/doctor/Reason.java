package io.flotilla.cli.doctor;

import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Text;
import io.flotilla.doctor.Check;
import java.util.ArrayList;
import java.util.List;

/** Why something is not well, in the words that errors use, too. Immutable. */
@Doc("Something that is wrong.")
record Reason(
    @Doc("Its name; that of the doctor's check, where it has one.") String cause,
    @Doc("What was found.") String because,
    @Doc("What to do about it.") String hint,
    @Doc("The runbook's section in the repository; empty when there is none.") String runbook) {

  static Reason of(Check check, String because) {
    return new Reason(check.label(), because, check.remedy(), check.runbook());
  }

  /** An answer in four parts: what, who was asked, why, what to do. */
  static List<String> text(String message, String where, List<Reason> reasons) {
    List<String> lines = new ArrayList<>();
    lines.add(Text.printable(message));
    lines.add("  asked   " + Text.printable(where));
    for (Reason reason : reasons) {
      lines.add("  because " + Text.printable(reason.because()));
      lines.add("  do      " + Text.printable(reason.hint()));
      if (!reason.runbook().isEmpty()) {
        lines.add("  more    " + reason.runbook());
      }
    }
    return lines;
  }
}
