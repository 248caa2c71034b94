package io.flotilla.console.events;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Bytes of an event in a line: as text where they are text, else in hex. Stateless. */
final class EventText {

  private static final int CHARS_MAX = 200;
  private static final int HEX_BYTES_MAX = 48;

  private EventText() {}

  static String line(byte[] bytes) {
    // A cut in the middle of a character is no fault of the text.
    byte[] head = bytes.length <= 4 * CHARS_MAX ? bytes : Arrays.copyOf(bytes, 4 * CHARS_MAX);
    String text = decode(head, head.length < bytes.length);
    if (text == null) {
      byte[] few = bytes.length <= HEX_BYTES_MAX ? bytes : Arrays.copyOf(bytes, HEX_BYTES_MAX);
      return "0x" + HexFormat.of().formatHex(few) + (few.length < bytes.length ? "…" : "");
    }
    StringBuilder line = new StringBuilder(Math.min(text.length(), CHARS_MAX) + 1);
    text.codePoints()
        .limit(CHARS_MAX)
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .forEach(line::appendCodePoint);
    if (text.length() > CHARS_MAX) {
      line.append('…');
    }
    return line.toString();
  }

  private static @Nullable String decode(byte[] bytes, boolean cut) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    try {
      if (!cut) {
        return decoder.decode(ByteBuffer.wrap(bytes)).toString();
      }
      CharBuffer chars = CharBuffer.allocate(bytes.length);
      var result = decoder.decode(ByteBuffer.wrap(bytes), chars, false);
      return result.isError() ? null : chars.flip().toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
