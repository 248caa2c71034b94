package io.flotilla.client.examples;

import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.Acknowledge;
import io.flotilla.proto.v1.ConsumeRequest;
import io.flotilla.proto.v1.ConsumeResponse;
import io.flotilla.proto.v1.EventPosition;
import io.flotilla.proto.v1.GroupConsumerServiceGrpc;
import io.flotilla.proto.v1.JoinGroup;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.BlockingClientCall;

/** A member of "auditors" on the generated stub alone, for ten events. Arguments: a server. */
public final class ConsumeStubExample {

  private static final int EVENTS = 10;

  private ConsumeStubExample() {}

  public static void main(String[] args) throws Exception {
    ManagedChannel channel =
        Grpc.newChannelBuilder(args[0].split(",", -1)[0], InsecureChannelCredentials.create())
            .build();
    var session = GroupConsumerServiceGrpc.newBlockingV2Stub(channel).consume();
    var earliest = Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST);
    var join = JoinGroup.newBuilder().setGroup("auditors").addTopics("orders").setFrom(earliest);
    session.write(ConsumeRequest.newBuilder().setJoin(join).build());
    for (int seen = 0; seen < EVENTS; ) {
      for (var event : session.read().getDelivery().getEventsList()) {
        System.out.println("orders-" + event.getPartition() + " @ " + event.getOffset());
        session.write(ack(event.getPartition(), event.getOffset()));
        seen++;
      }
    }
    leave(session);
    channel.shutdown();
  }

  private static ConsumeRequest ack(int partition, long offset) {
    var done = EventPosition.newBuilder().setTopic("orders").setPartition(partition);
    var ack = Acknowledge.newBuilder().addProcessed(done.setOffset(offset));
    return ConsumeRequest.newBuilder().setAck(ack).build();
  }

  /** What was acknowledged is committed first. */
  private static void leave(BlockingClientCall<ConsumeRequest, ConsumeResponse> session)
      throws Exception {
    session.halfClose();
    ConsumeResponse rest = session.read();
    while (rest != null) {
      rest = session.read();
    }
  }
}
