package io.flotilla.cli.bench;

import io.flotilla.cli.error.CliException;
import io.flotilla.cli.output.Terminal;
import io.flotilla.cli.publish.Input;
import io.flotilla.client.Event;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The events of a measurement, made before it begins. Immutable. */
final class Payloads {

  /** So many different values: enough that a compressor does not simply repeat one. */
  private static final int VALUES = 2_000;

  private static final int FILE_BYTES_MAX = 256 << 20;

  private final List<byte[]> values;
  private final List<byte[]> keys;

  private Payloads(List<byte[]> values, List<byte[]> keys) {
    this.values = values;
    this.keys = keys;
  }

  static Payloads of(EventFlags flags, Terminal terminal) {
    flags.check();
    String file = flags.file;
    Random random = new Random(1);
    List<byte[]> values =
        file == null
            ? random.ints(VALUES).mapToObj(any -> value(flags.size, random)).toList()
            : lines(file, terminal);
    List<byte[]> keys =
        random
            .ints(flags.keys)
            .mapToObj(i -> Integer.toHexString(i).getBytes(StandardCharsets.US_ASCII))
            .toList();
    return new Payloads(values, keys);
  }

  /** JSON-like text; it compresses to about half. */
  private static byte[] value(int bytes, Random random) {
    StringBuilder text = new StringBuilder("{\"user\":").append(random.nextInt(1_000_000));
    while (text.length() < bytes) {
      text.append(",\"f").append(random.nextInt(50)).append("\":").append(random.nextLong());
    }
    text.setLength(bytes - 1);
    return text.append('}').toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static List<byte[]> lines(String file, Terminal terminal) {
    try (InputStream in = Input.open(file, terminal)) {
      String text = new String(in.readNBytes(FILE_BYTES_MAX), StandardCharsets.ISO_8859_1);
      List<byte[]> lines =
          text.lines().map(line -> line.getBytes(StandardCharsets.ISO_8859_1)).toList();
      if (lines.isEmpty()) {
        throw CliException.usage(
            "cannot publish \"" + file + "\"", "it is empty", "name a file with lines");
      }
      return lines;
    } catch (IOException e) {
      throw CliException.local(
          "cannot publish \"" + file + "\"", "it cannot be read: " + e, "check the file");
    }
  }

  /** The n-th event. */
  Event event(long n) {
    return Event.of(key(n), values.get((int) (n % values.size())));
  }

  private byte @Nullable [] key(long n) {
    return keys.isEmpty() ? null : keys.get((int) (n % keys.size()));
  }
}
