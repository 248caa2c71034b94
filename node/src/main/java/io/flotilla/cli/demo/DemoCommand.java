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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
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
    DemoAnswer answer;
    try {
      answer = play(temporary, printer);
    } catch (Exception e) {
      printer.terminal().note("the demo failed; logs and data are kept in " + temporary);
      throw e;
    }
    if (answer.success()) {
      delete(temporary);
    } else {
      printer.terminal().note("the demo failed; logs and data are kept in " + temporary);
    }
    printer.one(answer, a -> a.text());
    return answer.success() ? ExitCode.DONE : ExitCode.NO;
  }

  private static DemoAnswer play(Path temporary, Printer printer) throws Exception {
    ClusterFolder folder = ClusterFolder.create(temporary, NODES, 0);
    try (LocalCluster cluster = new LocalCluster(folder, printer.terminal().environment());
        FlotillaClient client =
            FlotillaClient.builder(folder.servers()).requestTimeout(ASK_TIMEOUT).build()) {
      return new Play(folder, cluster, client, printer).run();
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> inside;
    try (Stream<Path> walk = Files.walk(folder)) {
      inside = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : inside) {
      Files.deleteIfExists(path);
    }
  }
}
