package io.flotilla.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cli.WrittenCommand;
import io.flotilla.house.Markdown.Found;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads all documents: each link leads to a file and each anchor to a heading, each command of ours
 * parses. Links to other sites are not followed. The mutants below show that it would see a fault.
 */
class DocsTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path NOTES = ROOT.resolve("helm/flotilla/templates/NOTES.txt");
  private static final Set<String> NOT_WRITTEN_HERE = Set.of("target", "node_modules");

  /** Copies for the chart, which is packed without the rest; they are read where they come from. */
  private static final Path COPIES = ROOT.resolve("helm/flotilla/files");

  private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");
  private static final Pattern TEMPLATE = Pattern.compile("\\{\\{.*?}}");

  @Test
  void linksLeadSomewhereAndCommandsParse() throws IOException {
    List<String> faults = new ArrayList<>();
    int links = 0;
    long commands = 0;
    List<Path> documents = documents();
    for (Path document : documents) {
      String text = Files.readString(document);
      faults.addAll(faults(document, text));
      Markdown read = Markdown.of(text);
      links += read.links().size();
      commands += ours(read.lines()) + ours(read.mentions());
    }
    System.out.printf("%d documents, %d links, %d commands%n", documents.size(), links, commands);
    assertThat(faults).isEmpty();
    assertThat(documents).contains(ROOT.resolve("README.md"), ROOT.resolve("ARCHITECTURE.md"));
    assertThat(links).as("links that were seen").isGreaterThan(15);
    assertThat(commands).as("commands that were seen").isGreaterThan(40);
  }

  @Test
  void theNotesThatHelmPrintsHaveCommandsThatParse() throws IOException {
    List<Found> lines = new ArrayList<>();
    for (String line : TEMPLATE.matcher(Files.readString(NOTES)).replaceAll("x").split("\n", -1)) {
      lines.add(new Found(lines.size() + 1, line));
    }
    assertThat(ours(lines)).isGreaterThan(2);
    assertThat(commandFaults(lines, true)).isEmpty();
  }

  private static long ours(List<Found> pieces) {
    return pieces.stream().filter(piece -> WrittenCommand.isOurs(piece.text())).count();
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes unused) {
            String name = folder.getFileName().toString();
            return NOT_WRITTEN_HERE.contains(name) || name.startsWith(".") || folder.equals(COPIES)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes unused) {
            if (file.toString().endsWith(".md")) {
              documents.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return documents;
  }

  /** All that is wrong with a document that has this text. */
  private static List<String> faults(Path document, String text) {
    Markdown read = Markdown.of(text);
    List<String> faults = new ArrayList<>();
    for (Found link : read.links()) {
      if (!ELSEWHERE.matcher(link.text()).matches()) {
        String fault = linkFault(document, read, link.text());
        if (!fault.isEmpty()) {
          faults.add(link.line() + ": " + link.text() + " " + fault);
        }
      }
    }
    faults.addAll(commandFaults(read.lines(), true));
    faults.addAll(commandFaults(read.mentions(), false));
    faults.replaceAll(fault -> ROOT.relativize(document) + ":" + fault);
    return faults;
  }

  private static String linkFault(Path document, Markdown read, String link) {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target =
        file.isEmpty()
            ? document
            : document.resolveSibling(URLDecoder.decode(file, StandardCharsets.UTF_8)).normalize();
    if (!target.startsWith(ROOT) || !Files.exists(target)) {
      return "leads to no file";
    }
    if (hash < 0) {
      return "";
    }
    Path page = Files.isDirectory(target) ? target.resolve("README.md") : target;
    if (!page.toString().endsWith(".md") || !Files.exists(page)) {
      return "has an anchor in what has no headings";
    }
    Set<String> anchors = page.equals(document) ? read.anchors() : anchors(page);
    return anchors.contains(link.substring(hash + 1)) ? "" : "leads to no heading";
  }

  private static Set<String> anchors(Path page) {
    try {
      return Markdown.of(Files.readString(page)).anchors();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> commandFaults(List<Found> pieces, boolean complete) {
    List<String> faults = new ArrayList<>();
    for (Found piece : pieces) {
      WrittenCommand.fault(piece.text(), complete)
          .ifPresent(fault -> faults.add(piece.line() + ": " + fault));
    }
    return faults;
  }

  @Test
  void mutantsOfTheReadmeAreFound() throws IOException {
    for (String[] mutant :
        new String[][] {
          {"(helm/flotilla)", "(helm/flotila)", "helm/flotila leads to no file"},
          {"(ARCHITECTURE.md#the-console)", "(ARCHITECTURE.md#console-the)", "leads to no heading"},
          {"(client/examples#traces)", "(client/examples#tracks)", "leads to no heading"},
          {"(client/examples#traces)", "(#traces)", "leads to no heading"},
          {"(LICENSE)", "(LICENSE#mit)", "has no headings"},
          {"./flotilla up --dev ", "./flotilla up --developer ", "--developer"},
          {"--key customer-7 ", "--key=customer-7 --kay=1 ", "--kay"},
          {"topic create orders --partitions 3", "topic create orders --partitions three", "three"},
          {"topic create orders --partitions 3", "topic create --partitions 3", "Missing"},
          {"group describe mailers --watch", "group describes mailers --watch", "describes"},
          {"flotilla/flotilla up --dev`", "flotilla/flotilla up --devel`", "--devel"},
          {"./flotilla doctor ", "./flotilla topic ", "a verb is missing"},
          {"`flotilla verify TOPIC`", "`flotilla verify TOPIC --fast`", "--fast"},
        }) {
      Path readme = ROOT.resolve("README.md");
      String text = Files.readString(readme);
      assertThat(text).contains(mutant[0]);
      assertThat(faults(readme, text.replace(mutant[0], mutant[1])))
          .as("%s instead of %s", mutant[1], mutant[0])
          .isNotEmpty()
          .allMatch(fault -> fault.startsWith("README.md:") && fault.contains(mutant[2]));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flotilla topic create orders --partitions N  # a comment, it's free",
        "echo 'a | b' | ./flotilla publish orders --key 1",
        "flotilla get TOPIC PARTITION@OFFSET -o json | jq .value",
        "FLOTILLA_SERVER=localhost:9095 ../flotilla profile show --effective > file",
        "flotilla profile set NAME KEY=VALUE && flotilla nonsense",
        "flotilla subscribe TOPIC --timeout DURATION",
        "flotilla publish …",
        "flotilla topic list|describe …",
        "docker run --rm -p 9095:9095 flotilla/flotilla:0.1.0 up --dev",
        "helm install prod helm/flotilla --set a=b",
      })
  void whatMayBeWritten(String line) {
    assertThat(WrittenCommand.fault(line, true)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flotilla topic list|describes …",
        "flotilla get TOPIC PARTITION@OFFSET --nonsense",
        "flotilla bench publish --duration soon",
        "flotilla publish --vale …",
        "flotilla nonsense",
        "echo a | flotilla publsh orders",
        "docker run --rm flotilla/flotilla upp",
      })
  void whatMustNotBeWrittenEvenInASentence(String line) {
    assertThat(WrittenCommand.fault(line, false)).isPresent();
  }

  @Test
  void anchorsAreNamedAsGitHubNamesThem() {
    String text =
        """
        # The `up --dev` command, *explained* (1)
        ## Élan & more
        ## Twice
        ```
        # no heading
        ```
        ## Twice
        ### [Linked](x.md) snake_case
        <a id="own"></a>
        """;
    assertThat(Markdown.of(text).anchors())
        .containsExactly(
            "the-up---dev-command-explained-1",
            "élan--more",
            "twice",
            "twice-1",
            "linked-snake_case",
            "own");
  }

  @Test
  void linksInCodeAreNoLinksAndCodeKeepsItsLine() {
    String text =
        "a `[x](no.md)`\n[y](\nyes.md)\n```\n[z](no.md)\n```\n`flotilla\ndemo`\n[q]: q.md\n";
    Markdown read = Markdown.of(text);
    assertThat(read.links()).containsExactly(new Found(3, "yes.md"), new Found(9, "q.md"));
    assertThat(read.mentions()).contains(new Found(7, "flotilla demo"));
    assertThat(read.lines()).containsExactly(new Found(5, "[z](no.md)"));
  }
}
