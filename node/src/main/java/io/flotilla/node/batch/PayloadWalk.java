package io.flotilla.node.batch;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.EventList;
import java.io.IOException;

/**
 * Counts the events of a serialised EventList, and the headers of each, without making an object or
 * copying a byte of them. Stateless.
 */
final class PayloadWalk {

  static final int EVENT_TAG =
      EventList.EVENTS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private PayloadWalk() {}

  /** Refuses a payload that is not exactly as many events as declared. */
  static void check(ByteString payload, int eventCount, BatchLimits limits) {
    CodedInputStream in = payload.newCodedInput();
    in.enableAliasing(true);
    int events = 0;
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag != EVENT_TAG) {
          throw BatchCodec.corrupt("the payload holds something that is not an event: tag " + tag);
        }
        if (++events > eventCount) {
          throw BatchCodec.corrupt(
              "the payload holds more than the declared " + eventCount + " events");
        }
        int end = in.pushLimit(in.readRawVarint32());
        checkHeaders(in, limits);
        in.popLimit(end);
      }
    } catch (IOException e) {
      throw BatchCodec.corrupt("the payload breaks off at event " + events + ": " + e.getMessage());
    }
    if (events != eventCount) {
      throw BatchCodec.corrupt("the payload holds " + events + " events, not " + eventCount);
    }
  }

  private static void checkHeaders(CodedInputStream in, BatchLimits limits) throws IOException {
    int headers = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == Event.HEADERS_FIELD_NUMBER
          && ++headers > limits.headersMax()) {
        throw BatchCodec.corrupt("an event has more than " + limits.headersMax() + " headers");
      }
      if (!in.skipField(tag)) {
        throw BatchCodec.corrupt("an event is not well formed: tag " + tag);
      }
    }
  }
}
