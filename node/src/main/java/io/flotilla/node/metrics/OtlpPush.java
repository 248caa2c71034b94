package io.flotilla.node.metrics;

import io.flotilla.node.config.MetricsConfig;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.util.NamedThreadFactory;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pushes the metrics as OTLP over HTTP, every now and then, on a thread of its own, {@code
 * flotilla-otlp}. A collector that does not answer is logged and costs nothing else.
 */
final class OtlpPush extends OtlpMeterRegistry {

  private static final String SERVICE = "service.name";

  private final Runnable refresh;
  private volatile boolean closing;

  /**
   * @param refresh run before numbers are read
   */
  OtlpPush(MetricsConfig config, Runnable refresh) {
    super(
        new Settings(config.otlpUrl(), config.otlpInterval()),
        Clock.SYSTEM,
        new NamedThreadFactory("flotilla-otlp"));
    this.refresh = refresh;
  }

  @Override
  protected void publish() {
    if (!closing) {
      refresh.run();
      super.publish();
    }
  }

  /** Without a last push: a collector that hangs must not keep a node from leaving. */
  @Override
  public void close() {
    closing = true;
    super.close();
  }

  private record Settings(String to, Duration every) implements OtlpConfig {

    @Override
    public @Nullable String get(String key) {
      return null;
    }

    @Override
    public String url() {
      return to;
    }

    @Override
    public Duration step() {
      return every;
    }

    @Override
    public Map<String, String> resourceAttributes() {
      Map<String, String> attributes = new HashMap<>(OtlpConfig.super.resourceAttributes());
      if (attributes.getOrDefault(SERVICE, "unknown_service").equals("unknown_service")) {
        attributes.put(SERVICE, "flotilla");
      }
      return attributes;
    }
  }
}
