package io.flotilla.node.raft;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of a Raft log as Ratis 3.3.0 writes it, read without Ratis: a header, then entries, each
 * with its length before it (a varint) and a CRC-32C of both behind it, then zeros. Only the file
 * that is being written has no end in its name. One file is in memory at a time. Immutable.
 *
 * @param first the index of its first entry
 * @param end the index of its last entry; negative = it was being written
 */
record SegmentFile(Path path, long first, long end) {

  private static final Pattern NAME = Pattern.compile("log_(?:inprogress_(\\d+)|(\\d+)-(\\d+))");
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
  private static final int CRC_BYTES = 4;
  private static final int VARINT_BYTES_MAX = 5;

  /** More than any entry that is ever written, and less than what must not be asked of memory. */
  private static final int ENTRY_BYTES_MAX = 256 << 20;

  /**
   * What is in a file.
   *
   * @param last the index of the last good entry; first - 1 = none
   * @param lastTerm its term
   * @param goodBytes where the good entries end
   * @param fault what is wrong there; null = nothing
   * @param goesOn behind the fault there is another good entry, so this is no torn end
   */
  record Content(long last, long lastTerm, int goodBytes, @Nullable String fault, boolean goesOn) {}

  /** The file of that name; null when it is no part of a log. */
  static @Nullable SegmentFile of(Path path) {
    Matcher name = NAME.matcher(path.getFileName().toString());
    if (!name.matches()) {
      return null;
    }
    return name.group(1) != null
        ? new SegmentFile(path, Long.parseLong(name.group(1)), -1)
        : new SegmentFile(path, Long.parseLong(name.group(2)), Long.parseLong(name.group(3)));
  }

  boolean open() {
    return end < 0;
  }

  Content read() throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    int header = matching(bytes);
    if (header < HEADER.length) {
      boolean torn = onlyZeros(bytes, header);
      return new Content(first - 1, 0, 0, torn ? null : "its header is not a log's", false);
    }
    return entries(bytes);
  }

  private Content entries(byte[] bytes) {
    long last = first - 1;
    long lastTerm = 0;
    int at = HEADER.length;
    while (at < bytes.length && bytes[at] != 0) {
      Frame frame = Frame.at(bytes, at);
      String fault = frame.fault(bytes);
      long[] termIndex = fault == null ? frame.termIndex(bytes) : new long[2];
      if (fault == null && termIndex[1] != last + 1) {
        fault = "entry " + termIndex[1] + " follows entry " + last;
      }
      if (fault != null) {
        boolean goesOn = frame.next <= bytes.length && isEntry(bytes, frame.next);
        return new Content(last, lastTerm, at, fault + ", at byte " + at, goesOn);
      }
      lastTerm = termIndex[0];
      last = termIndex[1];
      at = frame.next;
    }
    String fault = onlyZeros(bytes, at) ? null : "data behind the end, at byte " + at;
    return new Content(last, lastTerm, at, fault, false);
  }

  private static boolean isEntry(byte[] bytes, int at) {
    return at < bytes.length && bytes[at] != 0 && Frame.at(bytes, at).fault(bytes) == null;
  }

  private static int matching(byte[] bytes) {
    int i = 0;
    while (i < HEADER.length && i < bytes.length && bytes[i] == HEADER[i]) {
      i++;
    }
    return i;
  }

  private static boolean onlyZeros(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Where an entry lies: length from start, data from data, and what is behind its checksum. */
  private record Frame(int start, int data, int length, int next) {

    static Frame at(byte[] bytes, int start) {
      long length = 0;
      int at = start;
      for (int shift = 0; at < bytes.length && at - start < VARINT_BYTES_MAX; shift += 7) {
        byte next = bytes[at++];
        length |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          boolean sane = length > 0 && length <= ENTRY_BYTES_MAX;
          int size = sane ? (int) length : -1;
          return new Frame(start, at, size, sane ? at + size + CRC_BYTES : Integer.MAX_VALUE);
        }
      }
      return new Frame(start, at, -1, Integer.MAX_VALUE);
    }

    @Nullable String fault(byte[] bytes) {
      if (length < 0) {
        return "an entry's length makes no sense";
      }
      if (next > bytes.length) {
        return "the file ends within an entry";
      }
      CRC32C crc = new CRC32C();
      crc.update(bytes, start, data + length - start);
      int written = 0;
      for (int i = data + length; i < next; i++) {
        written = (written << 8) | (bytes[i] & 0xff);
      }
      return written == (int) crc.getValue() ? null : "an entry's checksum is wrong";
    }

    /** Term and index, which are written first. Its checksum holds. */
    long[] termIndex(byte[] bytes) {
      long[] values = new long[2];
      try {
        CodedInputStream in = CodedInputStream.newInstance(bytes, data, length);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
          if (tag == LogEntryProto.TERM_FIELD_NUMBER << 3) {
            values[0] = in.readUInt64();
          } else if (tag == LogEntryProto.INDEX_FIELD_NUMBER << 3) {
            values[1] = in.readUInt64();
          } else {
            break;
          }
        }
        return values;
      } catch (IOException e) {
        throw new IllegalStateException("an entry with a right checksum cannot be read", e);
      }
    }
  }
}
