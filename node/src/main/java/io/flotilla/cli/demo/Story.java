package io.flotilla.cli.demo;

import io.flotilla.client.Event;
import io.flotilla.client.ReceivedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the demo publishes: notifications for a few users, keyed by the user's id, each with its
 * number in a header. The n-th notification is always the same. Stateless.
 */
final class Story {

  static final String TOPIC = "notifications";

  private static final String NUMBER = "number";

  private static final List<String> USERS =
      List.of(
          "Emma", "Bruno", "Chloé", "Dario", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas",
          "Kira", "Luca");

  private static final List<String> DEEDS =
      List.of(
          "started following you.",
          "liked your photo.",
          "commented: \"What a view!\"",
          "mentioned you in a post.",
          "shared your album.",
          "invited you to an event.",
          "sent you a message.");

  private Story() {}

  /** Notification 0 is Bruno's, for Emma. */
  static Event event(long number) {
    return Event.of(String.valueOf(recipient(number) + 1), text(number))
        .withHeader(NUMBER, String.valueOf(number));
  }

  /** How the event is told on the screen. */
  static String tell(ReceivedEvent event) {
    int user = Integer.parseInt(String.valueOf(event.keyText())) - 1;
    return USERS.get(user) + " (key " + event.keyText() + ") reads: " + event.valueText();
  }

  /** The number of a notification; null for an event that the demo did not publish. */
  static @Nullable Long number(ReceivedEvent event) {
    return event.headers().stream()
        .filter(header -> header.key().equals(NUMBER))
        .map(header -> Long.valueOf(header.valueText()))
        .findFirst()
        .orElse(null);
  }

  private static int recipient(long number) {
    return (int) (number % USERS.size());
  }

  private static String text(long number) {
    long round = number / USERS.size();
    int actor = (int) ((recipient(number) + 1 + round % (USERS.size() - 1)) % USERS.size());
    return USERS.get(actor) + " " + DEEDS.get((int) (number % DEEDS.size()));
  }
}
