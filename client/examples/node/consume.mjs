// node consume.mjs SERVER TOPIC GROUP [COUNT]   prints events as a member of a consumer group, and acknowledges them.
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [server, topic, group, count = Infinity] = process.argv.slice(2);
const protos = new URL('../../../proto/src/main/proto', import.meta.url).pathname;
const definition = loader.loadSync('flotilla/v1/group_service.proto', { includeDirs: [protos], defaults: true });
const { GroupConsumerService } = grpc.loadPackageDefinition(definition).flotilla.v1;
const client = new GroupConsumerService(server, grpc.credentials.createInsecure());
let seen = 0;

const session = client.Consume();
session.write({ join: { group, topics: [topic], from: { from: 'START_FROM_EARLIEST' } } });
session.on('data', ({ delivery }) => {
  for (const { partition, offset, event } of delivery?.events ?? []) {
    if (seen == count) break;
    console.log(`${topic}-${partition} @ ${offset}: ${event.key} ${event.value}`);
    session.write({ ack: { processed: [{ topic, partition, offset }] } });
    if (++seen == count) session.end(); // commits what was acknowledged, and leaves the group
  }
});
session.on('end', () => client.close());
session.on('error', (error) => { console.error(error.message); process.exit(1); });
