package io.flotilla.console.events;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import io.flotilla.console.web.Answers;
import io.flotilla.console.web.EventStream;
import io.flotilla.console.web.Params;
import io.flotilla.console.web.Refusal;
import io.flotilla.console.web.Streams;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Events for browsers: a search, a live view, or one alone. Safe. */
public final class Events {

  private static final Duration ONE_WITHIN = Duration.ofSeconds(5);

  private final Supplier<FlotillaClient> client;

  public Events(Supplier<FlotillaClient> client) {
    this.client = client;
  }

  /** What a stream of events with these parameters sends. */
  public Streams.Writer stream(Params params) {
    EventQuery query = EventQuery.of(params);
    boolean live = params.flag("live");
    return stream -> {
      try {
        if (live) {
          new Live(client.get(), query, stream).run();
        } else {
          new Search(client.get(), query, stream).run();
        }
      } catch (FlotillaClientException e) {
        problem(stream, e);
      } catch (Refusal e) {
        stream.send("problem", Answers.problem(null, e.text()));
      }
    };
  }

  private static void problem(EventStream stream, FlotillaClientException e) throws IOException {
    var reason = e.reason();
    stream.send(
        "problem",
        Answers.problem(reason == null ? null : reason.name(), String.valueOf(e.getMessage())));
  }

  /** The event at an offset, or the next one that is kept. */
  public Object one(Params params) {
    int partition = params.integer("partition", 0, 0, Integer.MAX_VALUE);
    long offset = params.number("offset", 0, 0, Long.MAX_VALUE);
    SubscribeOptions options =
        SubscribeOptions.builder()
            .topic(params.required("topic"))
            .partitions(partition)
            .resume(Map.of(partition, offset))
            .untilEnd(true)
            .maxEvents(1)
            .build();
    try (Subscriber subscriber = client.get().subscribe(options)) {
      List<ReceivedEvent> events = subscriber.poll(ONE_WITHIN);
      if (events.isEmpty()) {
        throw Refusal.notFound("there is no event at " + offset + " or behind it");
      }
      return EventDetail.of(events.get(0));
    }
  }
}
