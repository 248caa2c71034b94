package io.flotilla.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TerminalTest {

  @Test
  void coloursOnlyOnATerminalThatWantsThem() {
    assertThat(terminal("012", Map.of()).colours()).isTrue();
    assertThat(terminal("02", Map.of()).colours()).isFalse();
    assertThat(terminal("012", Map.of("NO_COLOR", "1")).colours()).isFalse();
    assertThat(terminal("012", Map.of("TERM", "dumb")).colours()).isFalse();
  }

  @Test
  void progressIsDrawnOnATerminalOnly() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    new Terminal(InputStream.nullInputStream(), err, err, "", Map.of()).progress("half");
    assertThat(err.size()).isZero();
    new Terminal(InputStream.nullInputStream(), err, err, "2", Map.of()).progress("half");
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("half");
  }

  @Test
  void helpIsAsWideAsTheTerminalWithinReason() {
    assertThat(terminal("", Map.of()).columns()).isEqualTo(100);
    assertThat(terminal("", Map.of("COLUMNS", "80")).columns()).isEqualTo(80);
    assertThat(terminal("", Map.of("COLUMNS", "7")).columns()).isEqualTo(60);
    assertThat(terminal("", Map.of("COLUMNS", "300")).columns()).isEqualTo(100);
  }

  @Test
  void aReaderThatLeftIsToldApartFromAFailure() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(), closed, OutputStream.nullOutputStream(), "", Map.of());
    terminal.line("kept in the buffer");
    assertThatThrownBy(terminal::flush).isInstanceOf(BrokenPipeException.class);
  }

  private static Terminal terminal(String terminals, Map<String, String> environment) {
    OutputStream nowhere = OutputStream.nullOutputStream();
    return new Terminal(InputStream.nullInputStream(), nowhere, nowhere, terminals, environment);
  }
}
