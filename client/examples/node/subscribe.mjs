// node subscribe.mjs SERVER TOPIC [COUNT]   prints events from the beginning, then live; stops after COUNT.
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [server, topic, count = '0'] = process.argv.slice(2);
const protos = new URL('../../../proto/src/main/proto', import.meta.url).pathname;
const definition = loader.loadSync('flotilla/v1/consumer_service.proto', {includeDirs: [protos], defaults: true});
const { ConsumerService } = grpc.loadPackageDefinition(definition).flotilla.v1;

const client = new ConsumerService(server, grpc.credentials.createInsecure());
const stream = client.Subscribe({ topic, from: { from: 'START_FROM_EARLIEST' }, maxEvents: count });
stream.on('data', ({ events }) => {
  for (const { partition, offset, event } of events)
    console.log(`${topic}-${partition} @ ${offset}: ${event.key} ${event.value}`);
});
stream.on('error', (error) => { console.error(error.message); process.exit(1); });
stream.on('end', () => client.close());
