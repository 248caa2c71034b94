package io.flotilla.cli.generate;

import io.flotilla.cli.command.Action;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a file of {@code docker/monitoring}, which the build puts into the jar as it is. Confined
 * to the main thread.
 */
abstract class CarriedFile extends Action {

  /** The answer. */
  @Doc("A file for a tool beside the cluster.")
  record Answer(
      @Doc("Its name in the repository's docker/monitoring.") String name,
      @Doc("Where to put it.") String use,
      @Doc("What is in it.") String content) {}

  /** Its name in {@code docker/monitoring}. */
  abstract String name();

  /** Where to put it. */
  abstract String use();

  @Override
  protected boolean outputByProfile() {
    return false; // Another tool is to read it.
  }

  @Override
  public Shape shape() {
    return Shape.one(Answer.class);
  }

  @Override
  protected ExitCode run(Printer printer) throws IOException {
    Answer file = new Answer(name(), use(), content());
    if (!printer.format().structured()) {
      printer.terminal().note("note: " + file.use());
    }
    printer.one(file, answer -> List.of(answer.content().stripTrailing()));
    return ExitCode.DONE;
  }

  private String content() throws IOException {
    try (InputStream in = CarriedFile.class.getResourceAsStream(name())) {
      if (in == null) {
        throw CliException.local(
            "cannot write " + name(),
            "this build of Flotilla does not carry it",
            "take it from docker/monitoring in the repository");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
