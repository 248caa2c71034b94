package io.flotilla.cli;

import io.flotilla.cli.command.Action;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import java.util.List;
import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code flotilla completion SHELL}: a script that has the shell complete commands, options, and
 * the names of topics and groups. Bash's is picocli's, and zsh's too: it runs there by zsh's own
 * bashcompinit.
 */
@Command
@Examples(
    value = {
      "flotilla completion bash",
      "flotilla completion zsh",
      "flotilla completion fish -o json"
    },
    seeAlso = {"flotilla help"})
final class CompletionCommand extends Action {

  /** The shells there are scripts for. */
  enum Shell {
    BASH("source <(flotilla completion bash)", "~/.bashrc"),
    ZSH("source <(flotilla completion zsh)", "~/.zshrc, after compinit"),
    FISH("flotilla completion fish | source", "~/.config/fish/config.fish");

    private final String line;
    private final String file;

    Shell(String line, String file) {
      this.line = line;
      this.file = file;
    }

    /** As it is typed, completed and complained about. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The answer. */
  @Doc("A script for a shell.")
  record Answer(
      @Doc("bash, zsh or fish.") String shell,
      @Doc("How to have it in every new shell.") String use,
      @Doc("The script.") String script) {}

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  Shell shell = Shell.BASH;

  @Override
  protected boolean outputByProfile() {
    return false; // A shell is to read it.
  }

  @Override
  public Shape shape() {
    return Shape.one(Answer.class);
  }

  @Override
  protected ExitCode run(Printer printer) {
    CommandLine root = spec.root().commandLine();
    String script =
        switch (shell) {
          case BASH, ZSH -> AutoComplete.bash("flotilla", root) + NameCompletion.BASH;
          case FISH -> FishCompletion.script(root) + NameCompletion.FISH;
        };
    String use = "put this line into " + shell.file + ": " + shell.line;
    printer.one(
        new Answer(shell.toString(), use, script),
        answer -> List.of("# " + answer.use(), answer.script().stripTrailing()));
    return ExitCode.DONE;
  }
}
