// java -cp CLASSPATH Publish.java SERVER TOPIC KEY VALUE...   publishes each value under the key.
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.flotilla.proto.v1.PublishRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.TimeUnit;

class Publish {
  public static void main(String[] args) throws Exception {
    var channel = Grpc.newChannelBuilder(args[0], InsecureChannelCredentials.create()).build();
    var producer = ProducerServiceGrpc.newBlockingStub(channel);
    var key = ByteString.copyFromUtf8(args[2]);
    var request = PublishRequest.newBuilder().setTopic(args[1]);
    for (int i = 3; i < args.length; i++) {
      request.addEvents(Event.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8(args[i])));
    }
    try {
      // Answers when the events are on the disks of a majority: their positions, in their order.
      var answer = producer.withDeadlineAfter(10, TimeUnit.SECONDS).publish(request.build());
      for (var position : answer.getPositionsList()) {
        System.out.println(args[1] + "-" + position.getPartition() + " @ " + position.getOffset());
      }
    } catch (StatusRuntimeException refusal) {
      System.err.println(refusal.getMessage());
      for (var detail : StatusProto.fromThrowable(refusal).getDetailsList()) {
        // The reason, from the error catalogue, is for programs; the message is for people.
        if (detail.is(ErrorInfo.class)) System.err.println(detail.unpack(ErrorInfo.class).getReason());
      }
      System.exit(1);
    }
    channel.shutdown();
  }
}
