// java -cp CLASSPATH Consume.java SERVER TOPIC GROUP [COUNT]   prints events as a member of a group.
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.Acknowledge;
import io.flotilla.proto.v1.ConsumeRequest;
import io.flotilla.proto.v1.EventPosition;
import io.flotilla.proto.v1.GroupConsumerServiceGrpc;
import io.flotilla.proto.v1.JoinGroup;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;

class Consume {
  public static void main(String[] args) throws Exception {
    var topic = args[1];
    var left = args.length > 3 ? Long.parseLong(args[3]) : -1; // -1: for ever
    var channel = Grpc.newChannelBuilder(args[0], InsecureChannelCredentials.create()).build();
    var session = GroupConsumerServiceGrpc.newBlockingV2Stub(channel).consume();
    var earliest = Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST);
    var join = JoinGroup.newBuilder().setGroup(args[2]).addTopics(topic).setFrom(earliest);
    session.write(ConsumeRequest.newBuilder().setJoin(join).build());
    for (var answer = session.read(); answer != null; answer = session.read()) {
      for (var received : answer.getDelivery().getEventsList()) {
        if (left == 0) break;
        var partition = received.getPartition();
        var event = received.getEvent();
        System.out.print(topic + "-" + partition + " @ " + received.getOffset() + ": ");
        System.out.println(event.getKey().toStringUtf8() + " " + event.getValue().toStringUtf8());
        var at = EventPosition.newBuilder().setTopic(topic).setPartition(partition);
        var ack = Acknowledge.newBuilder().addProcessed(at.setOffset(received.getOffset()));
        session.write(ConsumeRequest.newBuilder().setAck(ack).build());
        if (--left == 0) session.halfClose(); // commits what was acknowledged, leaves the group
      }
    }
    channel.shutdown();
  }
}
