package io.flotilla.cli.doctor;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.client.Admin;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupDescription;
import io.flotilla.doctor.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code flotilla explain group GROUP}. */
@Command
@Examples(
    value = {"flotilla explain group billing", "flotilla explain group billing -o json"},
    seeAlso = {"flotilla group describe", "flotilla group reset"})
public final class ExplainGroupCommand extends ClusterAction {

  /** Between two looks, which tell whether less waits or more. */
  private static final Duration APART = Duration.ofSeconds(2);

  @Parameters(
      paramLabel = "GROUP",
      description =
          "The consumer group. Where something waits it is looked at twice, two seconds apart."
              + " Exit code 0 when it keeps up or catches up, 1 when not.")
  String name = "";

  @Override
  public Shape shape() {
    return Shape.one(GroupCase.class);
  }

  @Override
  protected String group() {
    return name;
  }

  @Override
  protected String intent() {
    return "explain consumer group \"" + name + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) throws InterruptedException {
    GroupCase found = judge(client.admin());
    printer.one(found, answer -> answer.text(printer.wide(), utc()));
    return found.result().equals(Verdict.OK.text()) ? ExitCode.DONE : ExitCode.NO;
  }

  private GroupCase judge(Admin admin) throws InterruptedException {
    GroupDescription first = admin.describeGroup(name);
    if (!GroupJudge.wantsSecondLook(first)) {
      return new GroupJudge(null, first, Duration.ZERO, Instant.now()).judge();
    }
    long looked = System.nanoTime();
    TimeUnit.MILLISECONDS.sleep(APART.toMillis());
    GroupDescription second = admin.describeGroup(name);
    Duration apart = Duration.ofNanos(System.nanoTime() - looked);
    return new GroupJudge(first, second, apart, Instant.now()).judge();
  }
}
