package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the shells are given to complete by; bash is asked itself. */
final class CompletionCommandTest {

  @Test
  void bashCompletesCommandsVerbsAndOptions(@TempDir Path folder) throws Exception {
    Path script = folder.resolve("completion");
    Files.writeString(script, CommandLineRun.of("completion", "bash").out());
    assertThat(bash(script, "flotilla", "topi")).containsExactly("topic");
    assertThat(bash(script, "flotilla", "topic", "")).contains("create", "list", "delete");
    assertThat(bash(script, "flotilla", "topic", "create", "--part")).contains("--partitions");
    assertThat(bash(script, "flotilla", "completion", "f")).containsExactly("fish");
  }

  @Test
  void bashCompletesNamesThatTheClusterKnows(@TempDir Path folder) throws Exception {
    Path script = folder.resolve("completion");
    Files.writeString(script, CommandLineRun.of("completion", "bash").out());
    assertThat(bash(script, "flotilla", "publish", "or")).containsExactly("orders", "origins");
    assertThat(bash(script, "flotilla", "topic", "describe", "")).contains("orders", "users");
    assertThat(bash(script, "flotilla", "group", "delete", "b")).containsExactly("billing");
    assertThat(bash(script, "flotilla", "subscribe", "orders", "--group", "b"))
        .containsExactly("billing");
    assertThat(bash(script, "flotilla", "topic", "")).doesNotContain("orders");
  }

  /** What bash offers for the last word. */
  private static List<String> bash(Path script, String... words) throws Exception {
    String ask =
        """
        source "%s"
        compopt() { :; }  # bash's own can only be called while it completes
        flotilla() {  # a cluster
          case "$*" in
            "topic list -o ndjson --timeout 300ms")
              printf '{"name":"%%s","topic_id":1}\n' orders origins users ;;
            "group list -o ndjson --timeout 300ms") echo '{"name":"billing","state":"stable"}' ;;
            *) return 1 ;;
          esac
        }
        COMP_WORDS=(%s)
        COMP_CWORD=%d
        _flotilla_complete
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(script, quoted(words), words.length - 1);
    Process bash = new ProcessBuilder("bash", "-c", ask).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
    return said.lines().map(String::strip).toList();
  }

  private static String quoted(String... words) {
    return "'" + String.join("' '", words) + "'";
  }

  @Test
  void zshIsToldHowToUseIt() {
    assertThat(CommandLineRun.of("completion", "zsh").out())
        .startsWith("# put this line into ~/.zshrc, after compinit: source <(")
        .contains("bashcompinit");
  }

  @Test
  void fishKnowsWhatBelongsWhere() {
    assertThat(CommandLineRun.of("completion", "fish").out())
        .contains(
            "complete -c flotilla -n '__fish_seen_subcommand_from topic; and "
                + "__fish_seen_subcommand_from create' -l partitions -r -d '",
            " -f -a create -d 'Creates a topic and waits",
            " -f -a bench -d '");
  }

  @Test
  void anotherShellIsAUsageError() {
    CommandLineRun run = CommandLineRun.of("completion", "csh");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("expected one of", "csh");
  }
}
