package io.flotilla.cli.output;

/** What the JSON of a command's answer is: one record, or a list of them. */
public record Shape(Class<? extends Record> type, boolean list) {

  public static Shape one(Class<? extends Record> type) {
    return new Shape(type, false);
  }

  public static Shape listOf(Class<? extends Record> type) {
    return new Shape(type, true);
  }
}
