package io.flotilla.cli.local;

import io.flotilla.cli.command.Action;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code flotilla node --config FILE}: runs one node in this process. The node is found by its
 * name, so that no other command ever loads a class of it.
 */
@Command
@Examples(
    value = {
      "flotilla node --config flotilla-data/node-1/config.yaml",
      "FLOTILLA_JAVA_OPTS=-Xmx4g flotilla node --config /etc/flotilla/node.yaml"
    },
    seeAlso = {"flotilla up"})
public final class NodeCommand extends Action {

  private static final String MAIN = "io.flotilla.node.Main";

  /** There is no answer but the log; this says so to programs. */
  @Doc("A node answers nothing: it writes its log to standard output.")
  record Answer() {}

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The node's configuration, YAML.")
  Path config = Path.of("");

  @Override
  public Shape shape() {
    return Shape.one(Answer.class);
  }

  @Override
  protected ExitCode run(Printer printer) throws Exception {
    if (!Files.isReadable(config) || Files.isDirectory(config)) {
      throw CliException.usage(
          "cannot start a node from \"" + config + "\"",
          "there is no such file, or it cannot be read",
          "name a configuration; flotilla up writes some: flotilla-data/node-1/config.yaml");
    }
    try {
      Class.forName(MAIN)
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {"--config", config.toString()});
      return ExitCode.DONE;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}
