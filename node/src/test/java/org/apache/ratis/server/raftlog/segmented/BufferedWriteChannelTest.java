package org.apache.ratis.server.raftlog.segmented;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The channel of the Raft log's files, on a real file. */
class BufferedWriteChannelTest {

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(8);

  @TempDir Path folder;

  @Test
  void whatIsFlushedIsInTheFileAndTheRestOfItIsCutOff() throws IOException {
    Path file = folder.resolve("log_inprogress_0");
    try (BufferedWriteChannel channel = BufferedWriteChannel.open(file.toFile(), false, buffer)) {
      channel.preallocateIfNecessary(3, (to, size) -> (long) to.write(ByteBuffer.allocate(100), 0));
      channel.writeToBuffer(3, bytes -> bytes.put(new byte[] {1, 2, 3}));
      channel.writeToBuffer(6, bytes -> bytes.put(new byte[] {4, 5, 6, 7, 8, 9}));
      channel.flush();
      assertThat(Files.size(file)).isEqualTo(100);
    }
    assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);

    try (BufferedWriteChannel channel = BufferedWriteChannel.open(file.toFile(), true, buffer)) {
      channel.writeToBuffer(1, bytes -> bytes.put((byte) 10));
      channel.flush();
    }
    assertThat(Files.readAllBytes(file)).endsWith(9, 10).hasSize(10);
  }

  @Test
  void roomIsMadeBeforeSmallWritesOnly() throws IOException {
    Path file = folder.resolve("log_inprogress_0");
    List<Long> asked = new ArrayList<>();
    try (BufferedWriteChannel channel = BufferedWriteChannel.open(file.toFile(), false, buffer)) {
      channel.preallocateIfNecessary(100 << 10, (to, size) -> note(asked, size));
      channel.preallocateIfNecessary(3, (to, size) -> note(asked, size));
    }
    assertThat(asked).containsExactly(3L);
  }

  private static Long note(List<Long> asked, long size) {
    asked.add(size);
    return size;
  }

  @Test
  void afterAFailureNothingIsWrittenAnyMore() throws IOException {
    Path file = folder.resolve("log_inprogress_0");
    try (BufferedWriteChannel channel = BufferedWriteChannel.open(file.toFile(), false, buffer)) {
      assertThatThrownBy(() -> channel.preallocateIfNecessary(3, (to, size) -> full()))
          .hasMessage("no space left");

      channel.writeToBuffer(3, bytes -> bytes.put(new byte[] {1, 2, 3}));

      assertThatThrownBy(channel::flush).hasMessageContaining("an earlier write or sync failed");
      assertThatThrownBy(() -> channel.writeToChannel(ByteBuffer.allocate(1)))
          .isInstanceOf(IOException.class);
    }
    assertThat(file).isEmptyFile();
  }

  private static Long full() throws IOException {
    throw new IOException("no space left");
  }
}
