package io.flotilla.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.cli.command.Action;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code flotilla node --config FILE}: runs one node in this process, or says what a start would
 * find in its configuration. The node is found by its name, so that no other command ever loads a
 * class of it.
 */
@Command
@Examples(
    value = {
      "flotilla node --config flotilla-data/node-1/config.yaml",
      "FLOTILLA_JAVA_OPTS=-Xmx4g flotilla node --config /etc/flotilla/node.yaml",
      "flotilla node --config /etc/flotilla/node.yaml --check"
    },
    seeAlso = {"flotilla up"})
public final class NodeCommand extends Action {

  private static final String MAIN = "io.flotilla.node.Main";
  private static final String CHECK = "io.flotilla.node.ConfigCheck";

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The node's configuration, YAML.")
  Path config = Path.of("");

  @Option(
      names = "--check",
      description =
          "Starts nothing: says what a start would find in the configuration and the environment.")
  boolean check;

  @Override
  public Shape shape() {
    return Shape.one(NodeAnswer.class);
  }

  @Override
  protected ExitCode run(Printer printer) throws Exception {
    if (!Files.isReadable(config) || Files.isDirectory(config)) {
      throw CliException.usage(
          "cannot start a node from \"" + config + "\"",
          "there is no such file, or it cannot be read",
          "name a configuration; flotilla up writes some: flotilla-data/node-1/config.yaml");
    }
    if (check) {
      return check(printer);
    }
    call(
        MAIN,
        "main",
        new Class<?>[] {String[].class},
        (Object) new String[] {"--config", config.toString()});
    return ExitCode.DONE;
  }

  private ExitCode check(Printer printer) throws Exception {
    Object found =
        call(
            CHECK,
            "check",
            new Class<?>[] {Path.class, Map.class},
            config,
            printer.terminal().environment());
    JsonNode json = new ObjectMapper().readTree(String.valueOf(found));
    if (json.has("faults")) {
      List<String> faults = new ArrayList<>();
      json.get("faults").forEach(fault -> faults.add(fault.asText()));
      throw CliException.usage(
          "no node can start with " + config,
          String.join("; ", faults),
          "correct what is named there, then check it again; nothing was started");
    }
    printer.one(NodeAnswer.of(config, json), NodeAnswer::text);
    return ExitCode.DONE;
  }

  private static @Nullable Object call(
      String type, String method, Class<?>[] parameters, Object... arguments) throws Exception {
    try {
      return Class.forName(type).getMethod(method, parameters).invoke(null, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}
