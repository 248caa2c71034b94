package io.flotilla.cli.demo;

import io.flotilla.cli.command.Action;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.command.Silence;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.local.ClusterFolder;
import io.flotilla.cli.local.LocalCluster;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.client.FlotillaClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;

/**
 * {@code flotilla demo}: a cluster in a temporary folder, the story, and its judgement. The folder
 * goes when all went well and stays otherwise; processes go in any case.
 */
@Command
@Examples(
    value = {"flotilla demo", "flotilla demo -o json"},
    seeAlso = {"flotilla up"})
public final class DemoCommand extends Action {

  private static final int NODES = 3;
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);

  @Override
  public Shape shape() {
    return Shape.one(DemoAnswer.class);
  }

  @Override
  protected ExitCode run(Printer printer) throws Exception {
    Silence.logs();
    Path temporary = Files.createTempDirectory("flotilla-demo-");
    ClusterFolder folder = ClusterFolder.create(temporary, NODES, 0);
    DemoAnswer answer;
    try {
      answer = play(folder, printer);
    } catch (Exception e) {
      printer.terminal().note("the demo failed; logs and data are kept in " + temporary);
      throw e;
    }
    if (answer.success()) {
      folder.delete();
    } else {
      printer.terminal().note("the demo failed; logs and data are kept in " + temporary);
    }
    printer.one(answer, a -> a.text());
    return answer.success() ? ExitCode.DONE : ExitCode.NO;
  }

  private static DemoAnswer play(ClusterFolder folder, Printer printer) throws Exception {
    try (LocalCluster cluster = new LocalCluster(folder, printer.terminal().environment());
        FlotillaClient client =
            FlotillaClient.builder(folder.servers()).requestTimeout(ASK_TIMEOUT).build()) {
      return new Play(folder, cluster, client, printer).run();
    }
  }
}
