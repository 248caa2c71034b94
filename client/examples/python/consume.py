"""python3 consume.py SERVER TOPIC GROUP [COUNT]   prints events as a member of a group, and acknowledges them."""
import queue
import sys

import grpc
from flotilla.v1.group_service_pb2 import Acknowledge, ConsumeRequest, EventPosition, JoinGroup
from flotilla.v1.group_service_pb2_grpc import GroupConsumerServiceStub

server, topic, group, count = (sys.argv[1:] + ["inf"])[:4]
# "from" is a word of Python's, so this field is given by its name in a dictionary.
start = {"from": {"from": "START_FROM_EARLIEST"}}
seen = 0

# What is put here is sent. None ends the session: what was acknowledged is committed, the group left.
requests = queue.SimpleQueue()
requests.put(ConsumeRequest(join=JoinGroup(group=group, topics=[topic], **start)))

with grpc.insecure_channel(server) as channel:
    consumer = GroupConsumerServiceStub(channel)
    try:
        for answer in consumer.Consume(iter(requests.get, None)):
            for received in answer.delivery.events:
                if seen == float(count):
                    break
                key, value = received.event.key.decode(), received.event.value.decode()
                print(f"{topic}-{received.partition} @ {received.offset}: {key} {value}", flush=True)
                done = EventPosition(topic=topic, partition=received.partition, offset=received.offset)
                requests.put(ConsumeRequest(ack=Acknowledge(processed=[done])))
                seen += 1
                if seen == float(count):
                    requests.put(None)
    except grpc.RpcError as refusal:
        sys.exit(f"{refusal.code().name}: {refusal.details()}")
    except KeyboardInterrupt:
        pass
