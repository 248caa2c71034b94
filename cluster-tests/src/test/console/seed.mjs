// Something that looks like a day's work, through the console of a node: topics and events.
const NAMES = ['orders', 'payments', 'notifications', 'inventory', 'audit.log'];
const PARTITIONS = [6, 3, 6, 4, 1];
const AT_ONCE = 8;

async function api(base, path, body) {
  const response = await fetch(`${base}/api/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: body ? { 'Content-Type': 'application/json' } : {},
    body: body && JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path}: ${answer.message}`);
  return answer;
}

const value = (topic, i) => JSON.stringify({ [topic.replace(/s$/, '')]: 10_000 + i, customer: `customer-${i % 40}`, total: (i * 37) % 500 });

async function publish(base, topic, from, count) {
  for (let i = from; i < from + count; i += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, from + count - i) }, (_, j) => i + j);
    await Promise.all(
      some.map((n) =>
        api(base, 'actions/publish', {
          topic,
          key: `customer-${n % 40}`,
          value: value(topic, n),
          headers: [{ key: 'trace', value: `t-${n}` }],
        }),
      ),
    );
  }
}

/** Creates the topics that are missing, and fills each with so many events. */
export async function seed(base, events) {
  const { page } = await api(base, 'pages/topics');
  for (const [i, name] of NAMES.entries()) {
    if (page.list.rows.some((row) => row.name === name)) continue;
    await api(base, 'actions/create-topic', { name, partitions: PARTITIONS[i] });
    await publish(base, name, 0, Math.ceil(events / (i + 1)));
  }
}

/** Publishes to all topics, at different paces, as long as it is wanted. */
export async function keepBusy(base, wanted) {
  for (let turn = 0; wanted(); turn++) {
    for (const [i, name] of NAMES.entries()) await publish(base, name, turn * 100, 24 >> i);
  }
}
