package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BytesTest {

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private byte[] some(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void whateverTheyAreMadeOfTheyComeBackAsTheyWere() {
    System.out.println("BytesTest: seed=" + seed);
    ByteString whole = ByteString.copyFrom(some(3_000));
    ByteString rope = whole;
    for (int i = 0; i < 5; i++) {
      rope = rope.concat(ByteString.copyFrom(some(1 + random.nextInt(2_000))));
    }
    ByteString nio =
        com.google.protobuf.UnsafeByteOperations.unsafeWrap(
            ByteBuffer.allocateDirect(500).put(some(500)).flip());
    for (ByteString bytes :
        new ByteString[] {ByteString.EMPTY, whole, whole.substring(7, 99), rope, nio}) {
      var ratis = Bytes.toRatis(bytes);

      assertThat(ratis.toByteArray()).isEqualTo(bytes.toByteArray());
      assertThat(Bytes.ofRatis(ratis)).isEqualTo(bytes);
    }
  }

  @Test
  void bytesInOnePieceAreNotCopied() {
    byte[] array = "on the way to the log".getBytes(StandardCharsets.UTF_8);
    ByteString bytes = com.google.protobuf.UnsafeByteOperations.unsafeWrap(array);

    ByteString back = Bytes.ofRatis(Bytes.toRatis(bytes));
    array[0] = 'O';

    assertThat(back.toStringUtf8()).startsWith("On the way");
  }
}
