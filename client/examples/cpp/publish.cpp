// publish SERVER TOPIC KEY VALUE...   publishes each value under the key.
#include <chrono>
#include <iostream>

#include <grpcpp/grpcpp.h>

#include "flotilla/v1/producer_service.grpc.pb.h"

using namespace flotilla::v1;

int main(int, char** args) {
  auto channel = grpc::CreateChannel(args[1], grpc::InsecureChannelCredentials());
  auto producer = ProducerService::NewStub(channel);
  PublishRequest request;
  request.set_topic(args[2]);
  for (char** value = args + 4; *value; value++) {
    Event* event = request.add_events();
    event->set_key(args[3]);
    event->set_value(*value);
  }
  grpc::ClientContext call;
  call.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  PublishResponse answer;
  // Answers when the events are on the disks of a majority: their positions, in their order.
  grpc::Status status = producer->Publish(&call, request, &answer);
  if (!status.ok()) {
    std::cerr << status.error_code() << ": " << status.error_message() << std::endl;
    return 1;
  }
  for (const PartitionOffset& position : answer.positions())
    std::cout << args[2] << "-" << position.partition() << " @ " << position.offset() << std::endl;
}
