package io.flotilla.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowBlockTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void rowsComeOutAsTheyWentInWithoutWhatTheirKeysBeginWith() {
    RowBlock block = new RowBlock();
    block.add(bytes("xxone"), 2, bytes("1"));
    block.add(bytes("xx"), 2, bytes(""));
    List<String> rows = new ArrayList<>();

    RowBlock.read(
        ByteBuffer.wrap(block.toBytes()), (key, value) -> rows.add(text(key) + "=" + text(value)));

    assertThat(rows).containsExactly("one=1", "=");
    assertThat(block.rows()).isEqualTo(2);
    assertThat(block.size())
        .isEqualTo(
            RowBlock.sizeOf(bytes("xxone"), 2, bytes("1"))
                + RowBlock.sizeOf(bytes("xx"), 2, bytes("")));
  }

  @Test
  void aBlockThatWasCutOrHasLengthsOfItsOwnIsRefused() {
    RowBlock block = new RowBlock();
    block.add(bytes("one"), 0, bytes("1"));
    byte[] whole = block.toBytes();
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> RowBlock.read(ByteBuffer.wrap(cut), (key, value) -> {}))
          .isInstanceOf(IllegalArgumentException.class);
    }
    whole[0] = (byte) 0xff;
    assertThatThrownBy(() -> RowBlock.read(ByteBuffer.wrap(whole), (key, value) -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
