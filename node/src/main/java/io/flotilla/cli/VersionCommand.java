package io.flotilla.cli;

import io.flotilla.cli.command.Action;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import picocli.CommandLine.Command;

/** {@code flotilla version}. */
@Command
@Examples(
    value = {"flotilla version", "flotilla version -o json"},
    seeAlso = {"flotilla cluster describe"})
final class VersionCommand extends Action {

  private static final String BUILD = "/META-INF/maven/io.flotilla/flotilla-node/pom.properties";

  /** The answer. */
  @Doc("What is running.")
  record Answer(
      @Doc("Version of this program.") String version,
      @Doc("Version of the Java that runs it.") String java,
      @Doc("Operating system and processor.") String platform) {}

  @Override
  public Shape shape() {
    return Shape.one(Answer.class);
  }

  @Override
  protected ExitCode run(Printer printer) throws IOException {
    Answer answer =
        new Answer(
            version(),
            Runtime.version().toString(),
            System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    printer.one(
        answer,
        a -> List.of("flotilla " + a.version() + " (Java " + a.java() + ", " + a.platform() + ")"));
    return ExitCode.DONE;
  }

  private static String version() throws IOException {
    try (InputStream build = VersionCommand.class.getResourceAsStream(BUILD)) {
      if (build == null) {
        return "development";
      }
      Properties properties = new Properties();
      properties.load(build);
      return properties.getProperty("version", "development");
    }
  }
}
