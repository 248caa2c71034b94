// consume SERVER TOPIC GROUP [COUNT]   prints events as a member of a group, and acknowledges them.
#include <iostream>

#include <grpcpp/grpcpp.h>

#include "flotilla/v1/group_service.grpc.pb.h"

using namespace flotilla::v1;

int main(int argc, char** args) {
  auto channel = grpc::CreateChannel(args[1], grpc::InsecureChannelCredentials());
  auto consumer = GroupConsumerService::NewStub(channel);
  grpc::ClientContext call;
  auto session = consumer->Consume(&call);
  ConsumeRequest request;
  request.mutable_join()->set_group(args[3]);
  request.mutable_join()->add_topics(args[2]);
  request.mutable_join()->mutable_from()->set_from(START_FROM_EARLIEST);
  session->Write(request);
  long left = argc > 4 ? std::stol(args[4]) : -1;  // -1: for ever
  ConsumeResponse answer;
  while (session->Read(&answer)) {
    for (const ReceivedEvent& received : answer.delivery().events()) {
      if (left == 0) break;
      std::cout << args[2] << "-" << received.partition() << " @ " << received.offset() << ": "
                << received.event().key() << " " << received.event().value() << std::endl;
      EventPosition* done = request.mutable_ack()->add_processed();
      done->set_topic(args[2]);
      done->set_partition(received.partition());
      done->set_offset(received.offset());
      session->Write(request);
      request.Clear();
      if (--left == 0) session->WritesDone();  // commits what was acknowledged, leaves the group
    }
  }
  grpc::Status status = session->Finish();
  if (!status.ok()) std::cerr << status.error_code() << ": " << status.error_message() << std::endl;
  return status.ok() ? 0 : 1;
}
