package io.flotilla.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.config.GrpcConfig;
import io.flotilla.node.config.PartitionConfig;
import io.flotilla.node.config.TracingConfig;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.Header;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.AdminServiceGrpc;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.OpenPublish;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishRequest;
import io.flotilla.proto.v1.PublishStreamRequest;
import io.flotilla.proto.v1.PublishStreamResponse;
import io.flotilla.proto.v1.SubscribeRequest;
import io.flotilla.proto.v1.Topic;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client's trace context travels with its events, and nodes tell a collector of their part. */
class TracingTest {

  private static final String SPAN = "00f067aa0ba902b7";
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  @TempDir static Path folder;
  private static SpanCollector collector;
  private static LocalCluster cluster;

  private final int number = NUMBERS.incrementAndGet();
  private final String trace = "%032x".formatted(number);
  private final String parent = "00-" + trace + "-" + SPAN + "-01";

  @BeforeAll
  static void form() throws Exception {
    collector = new SpanCollector();
    cluster =
        LocalCluster.of(
            3,
            folder,
            GrpcConfig.defaults(),
            PartitionConfig.defaults(),
            new TracingConfig(collector.url()));
  }

  @AfterAll
  static void close() {
    cluster.close();
    collector.close();
  }

  private Topic topic() {
    return AdminServiceGrpc.newBlockingStub(cluster.channel(1))
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .createTopic(
            CreateTopicRequest.newBuilder()
                .setTopic("traced-" + number)
                .setPartitions(1)
                .setReplicationFactor(1)
                .build())
        .getTopic();
  }

  private static int leader(Topic topic) {
    return topic.getPartitions(0).getLeader().getNodeId();
  }

  private static void publish(int node, Topic topic, String traceparent, Event... events) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), traceparent);
    headers.put(Metadata.Key.of("tracestate", Metadata.ASCII_STRING_MARSHALLER), "vendor=1");
    var answer =
        ProducerServiceGrpc.newBlockingStub(cluster.channel(node))
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .publish(
                PublishRequest.newBuilder()
                    .setTopic(topic.getName())
                    .addAllEvents(List.of(events))
                    .build());
    assertThat(answer.getPositionsCount()).isEqualTo(events.length);
  }

  private static List<Header> headers(int node, Topic topic) {
    List<Header> headers = new ArrayList<>();
    ConsumerServiceGrpc.newBlockingStub(cluster.channel(node))
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .subscribe(
            SubscribeRequest.newBuilder()
                .setTopic(topic.getName())
                .setFrom(ClusterFixture.from(StartFrom.START_FROM_EARLIEST))
                .setUntilEnd(true)
                .build())
        .forEachRemaining(
            response ->
                response
                    .getEventsList()
                    .forEach(event -> headers.addAll(event.getEvent().getHeadersList())));
    return headers;
  }

  private static Header header(String name, String value) {
    return Header.newBuilder().setKey(name).setValue(ByteString.copyFromUtf8(value)).build();
  }

  private static SpanCollector.Told one(List<SpanCollector.Told> spans, String operation, int at) {
    return spans.stream()
        .filter(s -> s.name().startsWith(operation) && s.node().equals(String.valueOf(at)))
        .reduce(
            (a, b) -> {
              throw new AssertionError("two of " + operation + ": " + spans);
            })
        .orElseThrow(() -> new AssertionError("no " + operation + " at " + at + ": " + spans));
  }

  @Test
  void aPublishThroughAnotherNodeIsOneTraceToItsDelivery() {
    Topic topic = topic();
    int leads = leader(topic);
    int asked = leads % 3 + 1;

    publish(asked, topic, parent, ClusterFixture.event("hello"));

    assertThat(headers(asked, topic))
        .containsExactly(header("traceparent", parent), header("tracestate", "vendor=1"));
    List<SpanCollector.Told> spans = collector.await(trace, 4);
    SpanCollector.Told received = one(spans, "publish", asked);
    SpanCollector.Told forwarded = one(spans, "publish", leads);
    SpanCollector.Told append = one(spans, "append", leads);
    SpanCollector.Told deliver = one(spans, "deliver", asked);
    assertThat(spans).hasSize(4);
    assertThat(received.parent()).isEqualTo(SPAN);
    assertThat(forwarded.parent()).isEqualTo(received.span());
    assertThat(append.parent()).isEqualTo(forwarded.span());
    assertThat(deliver.parent()).isEqualTo(SPAN);
    assertThat(append.attributes())
        .containsEntry("messaging.system", "flotilla")
        .containsEntry("messaging.destination.name", topic.getName())
        .containsEntry("messaging.destination.partition.id", "0")
        .containsEntry("messaging.batch.message_count", "1")
        .containsEntry("flotilla.offset", "0");
  }

  @Test
  void anEncodedBatchSaysWhoIsTraced() {
    Topic topic = topic();
    Event event =
        ClusterFixture.event("hi").toBuilder()
            .setTimestampUnixMs(1)
            .addHeaders(header("traceparent", parent))
            .build();
    Answers<PublishStreamRequest, PublishStreamResponse> answers = new Answers<>();
    var stream = ProducerServiceGrpc.newStub(cluster.channel(leader(topic))).publishStream(answers);
    stream.onNext(
        PublishStreamRequest.newBuilder().setOpen(OpenPublish.getDefaultInstance()).build());
    stream.onNext(
        PublishStreamRequest.newBuilder()
            .setBatch(
                PublishBatch.newBuilder()
                    .setBatchId(1)
                    .setTopic(topic.getName())
                    .setTraceparent(parent)
                    .setEncoded(BatchCodec.encode(List.of(event), Compression.COMPRESSION_ZSTD)))
            .build());
    answers.await(2);
    stream.onCompleted();

    List<SpanCollector.Told> spans = collector.await(trace, 2);
    SpanCollector.Told publish = one(spans, "publish", leader(topic));
    assertThat(publish.parent()).isEqualTo(SPAN);
    assertThat(one(spans, "append", leader(topic)).parent()).isEqualTo(publish.span());
    assertThat(headers(1, topic)).containsExactly(header("traceparent", parent));
  }

  @Test
  void anEventsOwnContextIsKept() {
    Topic topic = topic();
    String own = parent.replace(SPAN, "1111111111111111");
    Event event =
        ClusterFixture.event("hi").toBuilder().addHeaders(header("traceparent", own)).build();

    publish(leader(topic), topic, parent, event);

    assertThat(headers(1, topic)).containsExactly(header("traceparent", own));
    assertThat(collector.await(trace, 3)).anyMatch(s -> s.parent().equals("1111111111111111"));
  }

  @Test
  void whoIsNotRecordedIsNotToldOfButTravels() {
    Topic topic = topic();
    String silent = parent.replace("-01", "-00");
    publish(leader(topic), topic, silent, ClusterFixture.event("hi"));
    assertThat(headers(1, topic)).contains(header("traceparent", silent));

    TracingTest other = new TracingTest();
    publish(leader(topic), topic, other.parent, ClusterFixture.event("hi"));
    collector.await(other.trace, 2); // What was told before has come by now.
    assertThat(collector.of(trace)).isEmpty();
  }

  @Test
  void anInvalidContextIsIgnored() {
    Topic topic = topic();
    publish(leader(topic), topic, "00-" + trace + "-0000000000000000-01", ClusterFixture.event(""));
    assertThat(headers(1, topic)).isEmpty();
    assertThat(collector.of(trace)).isEmpty();
  }

  @Test
  void anEventWithoutRoomForItIsTakenAsItIs() {
    Topic topic = topic();
    List<Header> full = Collections.nCopies(100, header("a", "1"));
    Event many = ClusterFixture.event("hi").toBuilder().addAllHeaders(full).build();
    Event large =
        Event.newBuilder()
            .addHeaders(
                Header.newBuilder().setKey("a").setValue(ByteString.copyFrom(new byte[65_500])))
            .build();

    publish(leader(topic) % 3 + 1, topic, parent, many, large);

    assertThat(headers(1, topic)).hasSize(101);
  }
}
