"""python3 subscribe.py SERVER TOPIC [COUNT]   prints events from the beginning, then live; stops after COUNT."""
import sys

import grpc
from flotilla.v1.consumer_service_pb2 import SubscribeRequest
from flotilla.v1.consumer_service_pb2_grpc import ConsumerServiceStub

server, topic, count = (sys.argv[1:] + ["0"])[:3]
# "from" is a word of Python's, so this field is given by its name in a dictionary.
start = {"from": {"from": "START_FROM_EARLIEST"}}

with grpc.insecure_channel(server) as channel:
    consumer = ConsumerServiceStub(channel)
    try:
        for answer in consumer.Subscribe(SubscribeRequest(topic=topic, max_events=int(count), **start)):
            for received in answer.events:
                key, value = received.event.key.decode(), received.event.value.decode()
                print(f"{topic}-{received.partition} @ {received.offset}: {key} {value}", flush=True)
    except grpc.RpcError as refusal:
        sys.exit(f"{refusal.code().name}: {refusal.details()}")
    except KeyboardInterrupt:
        pass
