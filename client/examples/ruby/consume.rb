# ruby -I target consume.rb SERVER TOPIC GROUP [COUNT]   prints events as a member of a group, and acknowledges them.
require 'flotilla/v1/group_service_services_pb'
include Flotilla::V1

$stdout.sync = true
server, topic, group, count = ARGV
left = count ? count.to_i : Float::INFINITY

# What is put here is sent. Closing it ends the session: what was acknowledged is committed, the group left.
requests = Queue.new
requests << ConsumeRequest.new(join: { group: group, topics: [topic], from: { from: :START_FROM_EARLIEST } })
sent = Enumerator.new do |stream|
  while (request = requests.pop)
    stream << request
  end
end

consumer = GroupConsumerService::Stub.new(server, :this_channel_is_insecure)
begin
  consumer.consume(sent).each do |answer|
    (answer.delivery&.events || []).each do |received|
      break if left.zero?
      partition, offset, event = received.partition, received.offset, received.event
      puts "#{topic}-#{partition} @ #{offset}: #{event.key} #{event.value}"
      done = EventPosition.new(topic: topic, partition: partition, offset: offset)
      requests << ConsumeRequest.new(ack: { processed: [done] })
      requests.close if (left -= 1).zero?
    end
  end
rescue GRPC::BadStatus => e
  abort e.details
rescue Interrupt
  # Ctrl-C
end
