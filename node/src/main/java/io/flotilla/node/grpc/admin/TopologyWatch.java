package io.flotilla.node.grpc.admin;

import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.Contact;
import io.flotilla.node.grpc.call.OpenStreams;
import io.flotilla.node.grpc.call.StreamWriter;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.TopicName;
import io.flotilla.node.router.Router;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.WatchTopologyRequest;
import io.flotilla.proto.v1.WatchTopologyResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * One WatchTopology: first everything, then what differs from the image last told. While the
 * transport is not ready images come and go unseen, so a slow watcher gets fewer, larger
 * differences and costs one image. Confined to its serial executor; images only signal.
 */
final class TopologyWatch {

  private static final int TOPICS_MAX = 1_000;

  private final Set<String> names;
  private final Router router;
  private final Contact contact;
  private final TopicSettings defaults;
  private final Executor serial;
  private final ServerCallStreamObserver<WatchTopologyResponse> observer;
  private final StreamWriter<WatchTopologyResponse> writer;
  private MetadataImage told = MetadataImage.EMPTY;
  private Runnable unregister = () -> {};

  TopologyWatch(
      WatchTopologyRequest request,
      Router router,
      Contact contact,
      TopicSettings defaults,
      CallThreads threads,
      ServerCallStreamObserver<WatchTopologyResponse> observer) {
    if (request.getTopicsCount() > TOPICS_MAX) {
      throw FlotillaException.invalid(
          "topics must be at most " + TOPICS_MAX + "; name none to watch all");
    }
    request.getTopicsList().forEach(TopicName::check);
    this.defaults = defaults;
    this.names = Set.copyOf(request.getTopicsList());
    this.router = router;
    this.contact = contact;
    this.serial = threads.serial(this::fail);
    this.observer = observer;
    this.writer = new StreamWriter<>(observer);
  }

  void begin(OpenStreams streams) {
    OpenStreams.Leaving leaving =
        goAway ->
            serial.execute(
                () ->
                    fail(
                        new FlotillaException(
                            ErrorReason.ERROR_REASON_SHUTTING_DOWN, goAway.getMessage())));
    observer.setOnReadyHandler(() -> serial.execute(this::pump));
    observer.setOnCancelHandler(
        () ->
            serial.execute(
                () -> {
                  writer.cancelled();
                  unregister.run();
                }));
    Runnable unlisten = router.onImage(() -> serial.execute(this::pump));
    Runnable unlost = contact.whenLost(() -> serial.execute(() -> fail(alone())));
    streams.add(leaving);
    unregister =
        () -> {
          unlisten.run();
          unlost.run();
          streams.remove(leaving);
        };
    serial.execute(this::pump);
  }

  private FlotillaException alone() {
    return FlotillaException.notLeader(
        "node " + router.nodeId() + " has lost contact with the cluster: watch another one", null);
  }

  private void pump() {
    writer.drain();
    MetadataImage image = router.image();
    if (writer.ready() && image.revision() > told.revision()) {
      writer.send(difference(image));
      told = image;
    }
  }

  private WatchTopologyResponse difference(MetadataImage image) {
    WatchTopologyResponse.Builder response =
        WatchTopologyResponse.newBuilder()
            .setRevision(image.revision())
            .addAllNodes(Pictures.nodes(image));
    for (TopicInfo topic : image.topics().values()) {
      if (wanted(topic.name()) && changed(image, topic)) {
        response.addTopics(Pictures.full(image, topic, defaults));
      }
    }
    for (String name : told.topics().keySet()) {
      if (wanted(name) && image.topic(name) == null) {
        response.addDeletedTopics(name);
      }
    }
    return response.build();
  }

  private boolean changed(MetadataImage image, TopicInfo topic) {
    TopicInfo before = told.topic(topic.name());
    return before == null
        || before.topicId() != topic.topicId()
        || !Pictures.full(told, before, defaults).equals(Pictures.full(image, topic, defaults));
  }

  private boolean wanted(String name) {
    return names.isEmpty() || names.contains(name);
  }

  private void fail(Throwable thrown) {
    if (!writer.ended()) {
      unregister.run();
      writer.fail(thrown);
    }
  }
}
