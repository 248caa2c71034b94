"""python3 publish.py SERVER TOPIC KEY VALUE...   publishes each value under the key."""
import sys

import grpc
from flotilla.v1.event_pb2 import Event
from flotilla.v1.producer_service_pb2 import PublishRequest
from flotilla.v1.producer_service_pb2_grpc import ProducerServiceStub

server, topic, key, *values = sys.argv[1:]
events = [Event(key=key.encode(), value=value.encode()) for value in values]

with grpc.insecure_channel(server) as channel:
    producer = ProducerServiceStub(channel)
    try:
        # Answers when the events are on the disks of a majority: their positions, in their order.
        answer = producer.Publish(PublishRequest(topic=topic, events=events), timeout=10)
    except grpc.RpcError as refusal:
        sys.exit(f"{refusal.code().name}: {refusal.details()}")
    for position in answer.positions:
        print(f"{topic}-{position.partition} @ {position.offset}")
