package io.flotilla.cli.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.cli.error.CliException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneValueTest {
  private static final byte[] BYTES = {0, (byte) 0xff, '\n', 'x', '\n'};

  @ParameterizedTest
  @CsvSource({"hello,hello", "'',''", "@@ada,@ada", "@@@ada,@@ada", "a@b,a@b", "--,--"})
  void aTextIsItself(String written, String meant) throws IOException {
    assertThat(OneValue.of(written, InputStream.nullInputStream()))
        .isEqualTo(meant.getBytes(UTF_8));
  }

  @Test
  void aFilesBytesAreTheValue(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("order.bin"), BYTES);

    assertThat(OneValue.of("@" + file, InputStream.nullInputStream())).isEqualTo(BYTES);
  }

  @Test
  void allOfStandardInputIsTheValue() throws IOException {
    assertThat(OneValue.of("-", new ByteArrayInputStream(BYTES))).isEqualTo(BYTES);
  }

  @Test
  void aFileThatIsNotThereIsSaidToBeOne(@TempDir Path folder) {
    assertThatThrownBy(() -> OneValue.of("@ada", InputStream.nullInputStream()))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("cannot publish --value @ada");
    assertThatThrownBy(() -> OneValue.of("@" + folder, InputStream.nullInputStream()))
        .isInstanceOf(CliException.class);
  }
}
