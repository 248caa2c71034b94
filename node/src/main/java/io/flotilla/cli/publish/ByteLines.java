package io.flotilla.cli.publish;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream into lines of bytes, without decoding them: what was in the file is what is
 * published. A line ends with LF or CR LF; the last one may end with the stream. Memory: one buffer
 * and one line. Confined to one thread.
 */
final class ByteLines {

  /** A longer line is taken for a file that has no lines. */
  static final int LINE_BYTES_MAX = 16 << 20;

  private final InputStream in;
  private final byte[] buffer = new byte[64 << 10];
  private int position;
  private int limit;
  private long line;

  ByteLines(InputStream in) {
    this.in = in;
  }

  /** Number of the line that was returned last, beginning with 1. */
  long line() {
    return line;
  }

  /** The next line without its end, or null at the end of the stream. */
  byte @Nullable [] next() throws IOException, BadLineException {
    ByteArrayOutputStream begun = new ByteArrayOutputStream(0);
    boolean any = false;
    while (position < limit || fill()) {
      if (!any) {
        line++;
        any = true;
      }
      int end = indexOfLineFeed();
      if (end >= 0) {
        byte[] found = join(begun, end);
        position = end + 1;
        return withoutCarriageReturn(found);
      }
      begun.write(buffer, position, limit - position);
      position = limit;
      if (begun.size() > LINE_BYTES_MAX) {
        throw new BadLineException("it is longer than " + LINE_BYTES_MAX + " bytes");
      }
    }
    return any ? withoutCarriageReturn(begun.toByteArray()) : null;
  }

  private boolean fill() throws IOException {
    int read = in.read(buffer);
    position = 0;
    limit = Math.max(read, 0);
    return read > 0;
  }

  private int indexOfLineFeed() {
    for (int i = position; i < limit; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private byte[] join(ByteArrayOutputStream begun, int end) {
    if (begun.size() == 0) {
      return Arrays.copyOfRange(buffer, position, end);
    }
    begun.write(buffer, position, end - position);
    return begun.toByteArray();
  }

  private static byte[] withoutCarriageReturn(byte[] line) {
    boolean ends = line.length > 0 && line[line.length - 1] == '\r';
    return ends ? Arrays.copyOf(line, line.length - 1) : line;
  }
}
