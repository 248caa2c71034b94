package io.flotilla.cli.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ByteLinesTest {

  @Test
  void linesEndWithLineFeedOrBothAndTheLastNeedsNone() throws Exception {
    assertThat(read("a\nb\r\n\nc")).containsExactly("a", "b", "", "c");
    assertThat(read("a\n")).containsExactly("a");
    assertThat(read("\n")).containsExactly("");
    assertThat(read("")).isEmpty();
    assertThat(read("a\rb")).containsExactly("a\rb");
  }

  @Test
  void linesAcrossBuffersAreWhole() throws Exception {
    String longLine = "x".repeat(200_000);
    assertThat(read("a\n" + longLine + "\nb")).containsExactly("a", longLine, "b");
  }

  @Test
  void bytesAreNotDecoded() throws Exception {
    byte[] notText = {(byte) 0xff, 0, (byte) 0xc3};
    ByteLines lines = new ByteLines(new ByteArrayInputStream(notText));
    assertThat(lines.next()).isEqualTo(notText);
    assertThat(lines.line()).isEqualTo(1);
    assertThat(lines.next()).isNull();
  }

  @Test
  void aFileWithoutLinesIsRefusedBeforeItFillsTheMemory() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            Arrays.fill(bytes, offset, offset + length, (byte) 'x');
            return length;
          }
        };
    assertThatThrownBy(() -> new ByteLines(endless).next())
        .isInstanceOf(BadLineException.class)
        .hasMessageContaining("longer than");
  }

  private static List<String> read(String text) throws Exception {
    ByteLines lines =
        new ByteLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    List<String> found = new ArrayList<>();
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      found.add(new String(line, StandardCharsets.UTF_8));
      assertThat(lines.line()).isEqualTo(found.size());
    }
    return found;
  }
}
