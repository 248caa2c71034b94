package io.flotilla.cli.publish;

import io.flotilla.client.Event;

/** Makes an event of a line. */
interface LineFormat {

  Event parse(byte[] line) throws BadLineException;

  /** The line is the value, byte for byte; an empty line is an empty value. */
  static LineFormat lines() {
    return line -> Event.of((byte[]) null, line);
  }
}
