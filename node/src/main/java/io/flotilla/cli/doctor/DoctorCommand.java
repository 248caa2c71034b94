package io.flotilla.cli.doctor;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.client.FlotillaClient;
import io.flotilla.doctor.Check;
import io.flotilla.doctor.Evidence;
import io.flotilla.doctor.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla doctor}. */
@Command
@Examples(
    value = {
      "flotilla doctor",
      "flotilla doctor --fail-on warn -o json",
      "flotilla doctor --only DiskFullSoon,ClockSkew"
    },
    seeAlso = {"flotilla cluster health", "flotilla explain"})
public final class DoctorCommand extends ClusterAction {

  /** From when on the exit code is 1. */
  enum FailOn {
    FAIL,
    WARN
  }

  @Option(
      names = "--only",
      paramLabel = "CHECK",
      split = ",",
      description = "Only these checks, such as NodeDown; with commas between, or repeated.")
  List<String> only = new ArrayList<>();

  @Option(
      names = "--fail-on",
      paramLabel = "RESULT",
      description = "Exit code 1 from this result on: warn or fail. Default: fail.")
  FailOn failOn = FailOn.FAIL;

  @Override
  public Shape shape() {
    return Shape.one(Diagnosis.class);
  }

  @Override
  protected String intent() {
    return "examine the cluster";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) {
    Set<Check> wanted = wanted();
    Evidence evidence =
        new Examination(client, timeout(), true, wanted.contains(Check.GROUP_LAGGING)).run();
    Diagnosis diagnosis = Diagnosis.of(evidence, wanted);
    printer.one(diagnosis, d -> d.text(printer.wide()));
    boolean wrong =
        diagnosis.result().equals(Verdict.FAIL.text())
            || (failOn == FailOn.WARN && diagnosis.result().equals(Verdict.WARN.text()));
    return wrong ? ExitCode.NO : ExitCode.DONE;
  }

  private Set<Check> wanted() {
    if (only.isEmpty()) {
      return EnumSet.allOf(Check.class);
    }
    Set<Check> wanted = EnumSet.noneOf(Check.class);
    for (String label : only) {
      try {
        wanted.add(Check.of(label));
      } catch (IllegalArgumentException e) {
        throw CliException.usage(
            "cannot use --only " + label, "there is no such check", "one of " + Check.labels());
      }
    }
    return wanted;
  }
}
