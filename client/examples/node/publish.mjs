// node publish.mjs SERVER TOPIC KEY VALUE...   publishes each value under the key.
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [server, topic, key, ...values] = process.argv.slice(2);
const protos = new URL('../../../proto/src/main/proto', import.meta.url).pathname;
const definition = loader.loadSync('flotilla/v1/producer_service.proto', {includeDirs: [protos], defaults: true});
const { ProducerService } = grpc.loadPackageDefinition(definition).flotilla.v1;

const client = new ProducerService(server, grpc.credentials.createInsecure());
const events = values.map((value) => ({ key: Buffer.from(key), value: Buffer.from(value) }));
client.Publish({ topic, events }, { deadline: Date.now() + 10_000 }, (error, answer) => {
  if (error) return console.error(error.message), process.exit(1);
  for (const { partition, offset } of answer.positions) console.log(`${topic}-${partition} @ ${offset}`);
  client.close();
});
