package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the shells are given to complete by; they are asked themselves, where they are installed.
 */
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

  @Test
  void bashCompletesNodesProfilesAndReasons(@TempDir Path folder) throws Exception {
    Path script = folder.resolve("completion");
    Files.writeString(script, CommandLineRun.of("completion", "bash").out());
    assertThat(bash(script, "flotilla", "topic", "move-leader", "us")).containsExactly("users");
    assertThat(bash(script, "flotilla", "topic", "move-leader", "users", "--to", ""))
        .containsExactly("1", "2", "3");
    assertThat(bash(script, "flotilla", "group", "reset", "billing", "--to", ""))
        .doesNotContain("1");
    assertThat(bash(script, "flotilla", "up", "--node", "2")).containsExactly("2");
    assertThat(bash(script, "flotilla", "profile", "use", "")).containsExactly("prod", "staging");
    assertThat(bash(script, "flotilla", "top", "--profile", "s")).containsExactly("staging");
    assertThat(bash(script, "flotilla", "explain", "error", "DISK")).containsExactly("DISK_FULL");
    assertThat(bash(script, "flotilla", "explain", "partition", "us")).containsExactly("users/");
    assertThat(bash(script, "flotilla", "explain", "group", "")).containsExactly("billing");
  }

  @Test
  void twoQuestionsWithinTwoSecondsAreOneToTheCluster(@TempDir Path folder) throws Exception {
    Path script = folder.resolve("completion");
    Files.writeString(script, CommandLineRun.of("completion", "bash").out());
    String twice =
        """
        source "%s"
        %s
        _flotilla_names topic; SECONDS=1 _flotilla_asked=0; _flotilla_names topic
        SECONDS=9; _flotilla_names topic; _flotilla_names group
        cat "%s"
        """
            .formatted(script, counting(folder), folder.resolve("asked"));
    assertThat(run("bash", "-c", twice)).containsExactly("topic", "topic", "group");
  }

  private static String counting(Path folder) {
    return "flotilla() { echo \"$1\" >> \"" + folder.resolve("asked") + "\"; }";
  }

  /** What bash offers for the last word. */
  private static List<String> bash(Path script, String... words) throws Exception {
    String ask =
        """
        source "%s"
        compopt() { :; }  # bash's own can only be called while it completes
        flotilla() { %s; }  # a cluster
        COMP_WORDS=(%s)
        COMP_CWORD=%d
        _flotilla_complete
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(script, CLUSTER, quoted(words), words.length - 1);
    return run("bash", "-c", ask);
  }

  /** In words that bash and zsh understand. */
  private static final String CLUSTER =
      """
      case "$*" in
        "topic list -o ndjson --timeout 300ms")
          printf '{"name":"%s","topic_id":1}\\n' orders origins users ;;
        "group list -o ndjson --timeout 300ms") echo '{"name":"billing","state":"stable"}' ;;
        "cluster describe -o ndjson --timeout 300ms")
          echo '{"nodes":[{"node":1,"x":9},{"node":2},{"node":3}],"replicas":[{"node":1}]}' ;;
        "profile list -o ndjson") printf '{"name":"%s"}\\n' prod staging ;;
        "explain error -o ndjson") printf '{"reason":"%s"}\\n' DISK_FULL THROTTLED ;;
        *) false ;;
      esac""";

  private static List<String> run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.lines().map(String::strip).toList();
  }

  private static void assumeInstalled(String shell) {
    boolean installed =
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, shell)));
    if (!installed) {
      System.out.println("SKIPPED: " + shell + " is not installed, its completion is not tried");
    }
    assumeTrue(installed, shell + " is not installed");
  }

  /** Keys are typed into a real zsh; what it completes is run, and says what it was given. */
  @Test
  void zshCompletesWhatIsTyped(@TempDir Path folder) throws Exception {
    assumeInstalled("zsh");
    Path script = folder.resolve("completion");
    Files.writeString(script, CommandLineRun.of("completion", "zsh").out());
    assertThat(zsh(folder, "topi")).isEqualTo("topic");
    assertThat(zsh(folder, "topic create orders --part"))
        .isEqualTo("topic create orders --partitions");
    assertThat(zsh(folder, "topic describe us")).isEqualTo("topic describe users");
    assertThat(zsh(folder, "group delete b")).isEqualTo("group delete billing");
    assertThat(zsh(folder, "top --profile st")).isEqualTo("top --profile staging");
    assertThat(zsh(folder, "explain error DISK")).isEqualTo("explain error DISK_FULL");
    assertThat(zsh(folder, "explain partition us")).isEqualTo("explain partition users/");
  }

  /** What is run after Tab and Enter. */
  private static String zsh(Path folder, String typed) throws Exception {
    String ask =
        """
        zmodload zsh/zpty
        zpty z "TERM=dumb zsh -f -i"
        zpty -w z 'flotilla() { %s || print -r -- "RAN<$*>"; }'
        zpty -w z 'cd "%s"; autoload -Uz compinit; compinit -u -D; source completion'
        zpty -w z 'print MADE$((1 + 1))'
        zpty -r z out '*MADE2*'
        zpty -w z $'flotilla %s\t'
        zpty -r z out '*RAN<*>*'
        print -r -- "$out"
        zpty -d z
        """
            .formatted(CLUSTER.replace("'", "'\\''").replace("\n", " "), folder, typed);
    String said = String.join("\n", run("timeout", "30", "zsh", "-f", "-c", ask));
    int from = said.lastIndexOf("RAN<");
    return said.substring(from + 4, said.indexOf('>', from)).strip();
  }

  @Test
  void fishCompletesWhatIsTyped(@TempDir Path folder) throws Exception {
    assumeInstalled("fish");
    Path script = folder.resolve("completion");
    Files.writeString(script, CommandLineRun.of("completion", "fish").out());
    assertThat(fish(folder, "topi")).containsExactly("topic");
    assertThat(fish(folder, "topic create orders --part")).contains("--partitions");
    assertThat(fish(folder, "topic describe us")).containsExactly("users");
    assertThat(fish(folder, "publish or")).containsExactly("orders", "origins");
    assertThat(fish(folder, "group delete b")).containsExactly("billing");
    assertThat(fish(folder, "topic move-leader orders --to ")).containsExactly("1", "2", "3");
    assertThat(fish(folder, "top --profile s")).containsExactly("staging");
    assertThat(fish(folder, "profile use p")).containsExactly("prod");
    assertThat(fish(folder, "explain error DISK")).containsExactly("DISK_FULL");
    assertThat(fish(folder, "explain partition us")).containsExactly("users/");
  }

  /** What fish offers, without its sentences. */
  private static List<String> fish(Path folder, String typed) throws Exception {
    String ask =
        """
        source completion
        function flotilla
            echo "$argv" >> asked
            switch "$argv"
                case "topic list -o ndjson --timeout 300ms"
                    printf '{"name":"%%s","topic_id":1}\\n' orders origins users
                case "group list -o ndjson --timeout 300ms"
                    echo '{"name":"billing"}'
                case "cluster describe -o ndjson --timeout 300ms"
                    echo '{"nodes":[{"node":1,"x":9},{"node":2},{"node":3}]}'
                case "profile list -o ndjson"
                    printf '{"name":"%%s"}\\n' prod staging
                case "explain error -o ndjson"
                    printf '{"reason":"%%s"}\\n' DISK_FULL THROTTLED
            end
        end
        complete -C 'flotilla %s' >/dev/null
        set asked_before (count (cat asked 2>/dev/null))
        complete -C 'flotilla %s'
        test (count (cat asked 2>/dev/null)) = $asked_before; or echo "asked again"
        """
            .formatted(typed, typed);
    Process process =
        new ProcessBuilder("fish", "--no-config", "-c", ask)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.lines().map(line -> line.split("\t", -1)[0]).toList();
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
