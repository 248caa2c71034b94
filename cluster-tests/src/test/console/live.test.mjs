// A topic that is faster than anybody can read; CONTROL publishes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, sound } from './browser.mjs';

const EVENTS = Number(process.env.FLOOD);
const GROWTH_MAX = 16 << 20;
const MINUTES_MAX = 5;
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('a live view of a fast topic keeps its memory and counts every event', async () => {
  const page = await open(browser, 'topics/fast');
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize;
  };
  await page.getByRole('button', { name: 'Live' }).click();
  await page.getByText('Waiting for events').waitFor();
  const first = await heap();

  const began = Date.now();
  const response = await fetch(`${process.env.CONTROL}/flood/${EVENTS}`, { method: 'POST' });
  assert.ok(response.ok);

  const took = Date.now() - began;
  const told = page.locator('.telling p');
  const all = page.waitForFunction(
    (count) => Number(document.querySelector('.telling p').innerText.split(' came')[0].replace(/\D/g, '')) >= count,
    EVENTS,
    { timeout: MINUTES_MAX * 60_000 },
  );
  await all.catch(async () => assert.fail(`of ${EVENTS} events: ${await told.innerText()}`));
  const [came, skipped] = (await told.innerText()).split(' came').map((part) => Number(part.replace(/\D/g, '')));
  const grown = (await heap()) - first;
  const rows = await page.locator('td.value').count();
  console.log(`live: ${came} events at ${Math.round((came / took) * 1000)}/s, ${skipped} skipped, ${rows} rows, heap grew by ${grown >> 10} KiB`);
  assert.equal(came, EVENTS);
  assert.ok(skipped > 0 && skipped < came, `${skipped}`);
  assert.ok(grown < GROWTH_MAX, `${grown} bytes`);
  await sound(page);
  await page.context().close();
});
