# ruby -I target subscribe.rb SERVER TOPIC [COUNT]   prints events from the beginning, then live; stops after COUNT.
require 'flotilla/v1/consumer_service_services_pb'

$stdout.sync = true
server, topic, count = ARGV
consumer = Flotilla::V1::ConsumerService::Stub.new(server, :this_channel_is_insecure)
request = Flotilla::V1::SubscribeRequest.new(
  topic: topic, from: { from: :START_FROM_EARLIEST }, max_events: count.to_i
)
begin
  consumer.subscribe(request).each do |answer|
    answer.events.each do |received|
      event = received.event
      puts "#{topic}-#{received.partition} @ #{received.offset}: #{event.key} #{event.value}"
    end
  end
rescue GRPC::BadStatus => e
  abort e.details
rescue Interrupt
  # Ctrl-C
end
