// java -cp CLASSPATH Subscribe.java SERVER TOPIC [COUNT]   prints events from the beginning, then live.
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.SubscribeRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;

class Subscribe {
  public static void main(String[] args) {
    var channel = Grpc.newChannelBuilder(args[0], InsecureChannelCredentials.create()).build();
    var consumer = ConsumerServiceGrpc.newBlockingStub(channel);
    var request =
        SubscribeRequest.newBuilder()
            .setTopic(args[1])
            .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST))
            .setMaxEvents(args.length > 2 ? Long.parseLong(args[2]) : 0); // 0: never ends
    // Reading slowly holds the node back; a refusal is thrown as a StatusRuntimeException.
    consumer
        .subscribe(request.build())
        .forEachRemaining(
            answer -> {
              for (var received : answer.getEventsList()) {
                var at = args[1] + "-" + received.getPartition() + " @ " + received.getOffset();
                var event = received.getEvent();
                var key = event.getKey().toStringUtf8();
                System.out.println(at + ": " + key + " " + event.getValue().toStringUtf8());
              }
            });
    channel.shutdown();
  }
}
