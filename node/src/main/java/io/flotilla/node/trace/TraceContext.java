package io.flotilla.node.trace;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A W3C trace context, Level 1: whose trace, whose span, and whether anybody records it. Immutable.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param sampled the caller records its part
 * @param header the {@code traceparent} as it was given
 * @param state the {@code tracestate} that came with it; empty = none, or one too long to be kept
 */
public record TraceContext(
    String traceId, String spanId, boolean sampled, String header, String state) {

  /** Name of the header of an event and of gRPC's metadata that says who is traced. */
  public static final String PARENT = "traceparent";

  /** The same, of what tracing systems add. */
  public static final String STATE = "tracestate";

  /** What must be kept of a tracestate; more may be dropped. */
  static final int STATE_CHARS_MAX = 512;

  /** A later version may have more behind: as much as this. */
  private static final int PARENT_CHARS_MAX = 128;

  private static final int PARENT_CHARS = 55;
  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
  private static final Pattern ZEROS = Pattern.compile("0+");

  /** Null when it is none: such a header is to be ignored. */
  public static @Nullable TraceContext parse(@Nullable String parent, @Nullable String state) {
    if (parent == null || parent.length() < PARENT_CHARS || parent.length() > PARENT_CHARS_MAX) {
      return null;
    }
    var parts = FORM.matcher(parent);
    if (!parts.matches()
        || parts.group(1).equals("ff")
        || (parts.group(1).equals("00") && parent.length() != PARENT_CHARS)
        || ZEROS.matcher(parts.group(2)).matches()
        || ZEROS.matcher(parts.group(3)).matches()) {
      return null;
    }
    boolean sampled = (Integer.parseInt(parts.group(4), 16) & 1) == 1;
    String kept = state == null || state.length() > STATE_CHARS_MAX ? "" : state;
    return new TraceContext(parts.group(2), parts.group(3), sampled, parent, kept);
  }
}
