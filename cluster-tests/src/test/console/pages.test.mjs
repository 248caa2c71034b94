// Every page, in both themes, on a phone and on a desk.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, picture, sound } from './browser.mjs';

const PAGES = {
  overview: '',
  topics: 'topics',
  events: 'topics/orders',
  drawer: 'topics/orders?event=0%400',
  partitions: 'topics/orders?tab=partitions',
  settings: 'topics/orders?tab=settings',
  groups: 'groups',
  group: 'groups/billing',
  nodes: 'nodes',
  nowhere: 'nowhere',
};
/** Until its data is there. */
const READY = {
  overview: 'text=Healthy',
  topics: 'table',
  events: '.events td.value',
  drawer: '.drawer pre',
  partitions: 'text=leads',
  settings: 'text=retention.time',
  groups: 'table',
  group: 'text=/behind|up to date/',
  nodes: 'text=leads the metadata',
  nowhere: 'text=no such page',
};
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const scheme of ['light', 'dark']) {
  for (const width of [360, 1280]) {
    for (const [name, path] of Object.entries(PAGES)) {
      test(`${name}, ${scheme}, ${width} px`, async () => {
        const page = await open(browser, path, { width, scheme, height: width === 360 ? 740 : 900 });
        await page.waitForSelector(READY[name]);
        await picture(page, `${name}-${scheme}-${width}`);
        await sound(page);
        await page.context().close();
      });
    }
  }
}

test('the first load is small', async () => {
  const page = await open(browser, '', {});
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  let bytes = 0;
  session.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
  page.requests.length = 0;
  await page.reload();
  await page.waitForSelector('text=Healthy');
  const first = page.requests.filter((url) => !url.includes('/api/live/'));
  console.log(`first load: ${first.length} requests, ${bytes} bytes`);
  assert.ok(first.length <= 5, first.join('\n'));
  assert.ok(bytes > 0 && bytes <= 80 * 1024, `${bytes} bytes`);
  await page.context().close();
});

test('the theme is switched and remembered', async () => {
  const page = await open(browser, '', { scheme: 'light' });
  const theme = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await theme();
  await page.getByRole('button', { name: 'Colours: auto' }).click();
  await page.getByRole('button', { name: 'Colours: light' }).click();
  assert.notEqual(await theme(), light);
  await page.reload();
  await page.getByRole('button', { name: 'Colours: dark' }).waitFor();
  assert.notEqual(await theme(), light);
  await sound(page);
  await page.context().close();
});
