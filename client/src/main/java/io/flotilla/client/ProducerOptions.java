package io.flotilla.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a producer works. Immutable; {@link #defaults()} suits most.
 *
 * @param name a name gives the producer a lasting identity: opening it again fences the earlier
 *     holder. Null: a new identity each time
 * @param batchBytes aim for the size of a batch before compression; 128 KiB. Larger: more
 *     throughput; smaller: less memory
 * @param linger how long a batch waits for company although it could be sent; 0: a batch is sent at
 *     once while nothing of its partition is under way, and gathers meanwhile otherwise
 * @param compression of batches
 * @param inFlightBatches batches under way at once in a partition, 1 to 5
 * @param bufferBytes bytes of events that wait or are under way; 32 MiB
 * @param maxBlock how long {@code publish} may block at that limit before it fails the future; 30 s
 * @param deliveryTimeout how long an event may take altogether, to a fifth of a second; 120 s
 */
public record ProducerOptions(
    @Nullable String name,
    int batchBytes,
    Duration linger,
    Compression compression,
    int inFlightBatches,
    long bufferBytes,
    Duration maxBlock,
    Duration deliveryTimeout) {

  /**
   * The cluster remembers this many batches of a producer in a partition, so no more may be open.
   */
  public static final int IN_FLIGHT_BATCHES_MAX = 5;

  /** Batches above this many bytes help nobody and no server accepts them. */
  public static final int BATCH_BYTES_MAX = 8 << 20;

  public ProducerOptions {
    Checks.range("batchBytes", batchBytes, 1, BATCH_BYTES_MAX);
    Checks.range("inFlightBatches", inFlightBatches, 1, IN_FLIGHT_BATCHES_MAX);
    Checks.range("bufferBytes", bufferBytes, 1, Long.MAX_VALUE);
    Checks.duration("linger", linger, Duration.ZERO);
    Checks.duration("maxBlock", maxBlock, Duration.ZERO);
    Checks.duration("deliveryTimeout", deliveryTimeout, Duration.ofMillis(1));
  }

  public static ProducerOptions defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Builds options; every setting has the default that {@link ProducerOptions} names. */
  public static final class Builder {
    private @Nullable String name;
    private int batchBytes = 128 << 10;
    private Duration linger = Duration.ZERO;
    private Compression compression = Compression.NONE;
    private int inFlightBatches = IN_FLIGHT_BATCHES_MAX;
    private long bufferBytes = 32L << 20;
    private Duration maxBlock = Duration.ofSeconds(30);
    private Duration deliveryTimeout = Duration.ofMinutes(2);

    private Builder() {}

    public Builder name(@Nullable String producerName) {
      this.name = producerName;
      return this;
    }

    public Builder batchBytes(int bytes) {
      this.batchBytes = bytes;
      return this;
    }

    public Builder linger(Duration duration) {
      this.linger = duration;
      return this;
    }

    public Builder compression(Compression kind) {
      this.compression = kind;
      return this;
    }

    public Builder inFlightBatches(int batches) {
      this.inFlightBatches = batches;
      return this;
    }

    public Builder bufferBytes(long bytes) {
      this.bufferBytes = bytes;
      return this;
    }

    public Builder maxBlock(Duration duration) {
      this.maxBlock = duration;
      return this;
    }

    public Builder deliveryTimeout(Duration duration) {
      this.deliveryTimeout = duration;
      return this;
    }

    public ProducerOptions build() {
      return new ProducerOptions(
          name,
          batchBytes,
          linger,
          compression,
          inFlightBatches,
          bufferBytes,
          maxBlock,
          deliveryTimeout);
    }
  }
}
