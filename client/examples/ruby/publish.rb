# ruby -I target publish.rb SERVER TOPIC KEY VALUE...   publishes each value under the key.
require 'google/protobuf/well_known_types'
require 'google/rpc/error_details_pb'
require 'flotilla/v1/producer_service_services_pb'

server, topic, key, *values = ARGV
producer = Flotilla::V1::ProducerService::Stub.new(server, :this_channel_is_insecure)
events = values.map { |value| Flotilla::V1::Event.new(key: key, value: value) }
request = Flotilla::V1::PublishRequest.new(topic: topic, events: events)
begin
  # Answers when the events are on the disks of a majority: their positions, in their order.
  answer = producer.publish(request, deadline: Time.now + 10)
  answer.positions.each { |position| puts "#{topic}-#{position.partition} @ #{position.offset}" }
rescue GRPC::BadStatus => e
  # The reason, from the error catalogue, is for programs; the message is for people.
  detail = e.to_rpc_status&.details&.find { |any| any.is(Google::Rpc::ErrorInfo) }
  abort [detail&.unpack(Google::Rpc::ErrorInfo)&.reason, e.details].compact.join(' ')
end
