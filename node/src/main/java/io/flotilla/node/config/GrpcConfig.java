package io.flotilla.node.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How this node speaks to clients and to other nodes. Keys {@code grpc.*}.
 *
 * @param host address to listen on. Default: this node's own host in {@code cluster.nodes}, or
 *     0.0.0.0, every interface, where that does not name it
 * @param port port to listen on; 0 = any free one. Default 9095
 * @param messageBytesMax bytes of one message received, after decompression. Default 16 MiB.
 *     Smaller refuses large unary publishes; larger lets one caller take more memory
 * @param headerBytesMax bytes of a call's metadata. Default 8 KiB
 * @param callThreads threads that run calls; they wait for the disk at most. Default twice the
 *     processors, at least 4. Too few: reads from disk hold up others; too many: memory, switching
 * @param callQueueMax calls waiting for a thread; beyond it a new call is refused with THROTTLED.
 *     Default 4,096. Smaller refuses bursts; larger answers late instead
 * @param callsPerConnectionMax open calls on one connection. Default 1,000
 * @param resetsPerSecondMax streams that a connection may reset a second before it is closed.
 *     Default 200. Guards against rapid reset; clients that cancel much need more
 * @param connectionAgeMax after this a connection is asked to be made anew, so that clients spread
 *     over new nodes. Default 60 min; calls under way get {@code connectionGrace}
 * @param connectionGrace how long calls may outlive an aged connection. Default 10 min
 * @param unaryDeadlineDefault deadline of a unary call that names none. Default 30 s
 * @param firstMessageMax a stream that says nothing for so long is closed. Default 30 s
 * @param publishWindowBatches batches in flight on a PublishStream. Default 64. Smaller costs
 *     throughput over long lines; larger costs memory here
 * @param publishWindowBytes bytes of such batches. Default 8 MiB
 * @param publishBytesMax bytes of batches in flight on all PublishStreams of this node, those that
 *     come through another node included. With more streams than have room for a full window, every
 *     stream's window is halved as often as needed, down to 64 KiB, and its client told. Default 0:
 *     a quarter of the heap, at most 256 MiB, at least {@code publishWindowBytes}
 * @param streamStallMax a reader that takes nothing for so long while data waits is sent away.
 *     Default 5 min. Shorter punishes pauses; longer keeps the dead
 * @param subscribeBufferBytes bytes of stored batches that a subscription reads at once, and about
 *     the size of a response. Default 128 KiB. Smaller costs calls; larger costs memory a reader
 * @param fetchBufferBytes the same for Fetch and FetchStream. Default 1 MiB
 * @param fetchesPerStreamMax partitions on one FetchStream. Default 1,000
 * @param fetchCreditBytesMax credit that may stand on one FetchStream. Default 256 MiB
 */
public record GrpcConfig(
    String host,
    int port,
    int messageBytesMax,
    int headerBytesMax,
    int callThreads,
    int callQueueMax,
    int callsPerConnectionMax,
    int resetsPerSecondMax,
    Duration connectionAgeMax,
    Duration connectionGrace,
    Duration unaryDeadlineDefault,
    Duration firstMessageMax,
    int publishWindowBatches,
    long publishWindowBytes,
    long publishBytesMax,
    Duration streamStallMax,
    int subscribeBufferBytes,
    int fetchBufferBytes,
    int fetchesPerStreamMax,
    long fetchCreditBytesMax) {

  public static GrpcConfig defaults() {
    return new GrpcConfig(
        "0.0.0.0",
        9095,
        16 << 20,
        8 << 10,
        Math.max(4, 2 * Runtime.getRuntime().availableProcessors()),
        4096,
        1000,
        200,
        Duration.ofMinutes(60),
        Duration.ofMinutes(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        64,
        8L << 20,
        0,
        Duration.ofMinutes(5),
        128 << 10,
        1 << 20,
        1000,
        256L << 20);
  }

  /** The same, listening elsewhere. */
  public GrpcConfig at(String otherHost, int otherPort) {
    return with(otherHost, otherPort, publishBytesMax);
  }

  /** The same, with a limit where it is to be derived. */
  public GrpcConfig withPublishBytesMax(long bytes) {
    return with(host, port, bytes);
  }

  private GrpcConfig with(String otherHost, int otherPort, long otherPublishBytesMax) {
    return new GrpcConfig(
        otherHost,
        otherPort,
        messageBytesMax,
        headerBytesMax,
        callThreads,
        callQueueMax,
        callsPerConnectionMax,
        resetsPerSecondMax,
        connectionAgeMax,
        connectionGrace,
        unaryDeadlineDefault,
        firstMessageMax,
        publishWindowBatches,
        publishWindowBytes,
        otherPublishBytesMax,
        streamStallMax,
        subscribeBufferBytes,
        fetchBufferBytes,
        fetchesPerStreamMax,
        fetchCreditBytesMax);
  }

  /** All faults at once; empty when there are none. */
  public List<String> validate() {
    List<String> faults = new ArrayList<>();
    check(faults, !host.isBlank(), "host must not be empty");
    check(faults, port >= 0 && port <= 65_535, "port must be 0 to 65535");
    check(
        faults,
        messageBytesMax >= 2 << 20 && messageBytesMax <= 256 << 20,
        "message-bytes-max must be 2MiB to 256MiB");
    check(
        faults,
        headerBytesMax >= 1 << 10 && headerBytesMax <= 1 << 20,
        "header-bytes-max must be 1KiB to 1MiB");
    check(faults, callThreads >= 1 && callThreads <= 1024, "call-threads must be 1 to 1024");
    check(faults, callQueueMax >= 1, "call-queue-max must be at least 1");
    check(faults, callsPerConnectionMax >= 1, "calls-per-connection-max must be at least 1");
    check(faults, resetsPerSecondMax >= 1, "resets-per-second-max must be at least 1");
    positive(faults, connectionAgeMax, "connection-age-max");
    positive(faults, connectionGrace, "connection-grace");
    positive(faults, unaryDeadlineDefault, "unary-deadline-default");
    positive(faults, firstMessageMax, "first-message-max");
    positive(faults, streamStallMax, "stream-stall-max");
    check(faults, publishWindowBatches >= 1, "publish-window-batches must be at least 1");
    check(faults, publishWindowBytes >= 2 << 20, "publish-window-bytes must be at least 2MiB");
    check(
        faults,
        publishBytesMax == 0 || publishBytesMax >= publishWindowBytes,
        "publish-bytes-max must be 0 or at least publish-window-bytes");
    check(faults, subscribeBufferBytes >= 1 << 10, "subscribe-buffer-bytes must be at least 1KiB");
    check(
        faults,
        fetchBufferBytes >= 1 << 10 && fetchBufferBytes <= 4 << 20,
        "fetch-buffer-bytes must be 1KiB to 4MiB");
    check(faults, fetchesPerStreamMax >= 1, "fetches-per-stream-max must be at least 1");
    check(faults, fetchCreditBytesMax >= 64 << 20, "fetch-credit-bytes-max must be at least 64MiB");
    return faults;
  }

  private static void check(List<String> faults, boolean holds, String fault) {
    if (!holds) {
      faults.add("grpc." + fault);
    }
  }

  private static void positive(List<String> faults, Duration value, String key) {
    check(faults, value.compareTo(Duration.ofMillis(1)) >= 0, key + " must be positive");
  }
}
