// subscribe SERVER TOPIC [COUNT]   prints events from the beginning, then live; stops after COUNT.
#include <iostream>

#include <grpcpp/grpcpp.h>

#include "flotilla/v1/consumer_service.grpc.pb.h"

using namespace flotilla::v1;

int main(int count, char** args) {
  auto channel = grpc::CreateChannel(args[1], grpc::InsecureChannelCredentials());
  auto consumer = ConsumerService::NewStub(channel);
  SubscribeRequest request;
  request.set_topic(args[2]);
  request.mutable_from()->set_from(START_FROM_EARLIEST);
  request.set_max_events(count > 3 ? std::stoll(args[3]) : 0);

  grpc::ClientContext call;
  auto stream = consumer->Subscribe(&call, request);
  SubscribeResponse answer;
  while (stream->Read(&answer)) {
    for (const ReceivedEvent& received : answer.events())
      std::cout << args[2] << "-" << received.partition() << " @ " << received.offset() << ": "
                << received.event().key() << " " << received.event().value() << std::endl;
  }
  grpc::Status status = stream->Finish();
  if (!status.ok()) {
    std::cerr << status.error_code() << ": " << status.error_message() << std::endl;
    return 1;
  }
}
