// Every page, in both themes, on a phone, on a desk and on a wide one; the size of the first load; behind a prefix.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { consoles, launch, open, picture, sound } from './browser.mjs';
import { behindPrefix } from './prefix.mjs';

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
  doctor: 'doctor',
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
  nodes: 'text=Became leader',
  doctor: 'text=GroupLagging',
  nowhere: 'text=no such page',
};
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const scheme of ['light', 'dark']) {
  for (const width of [360, 1280, 1920]) {
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

test('the overview leads to the doctor', async () => {
  const page = await open(browser, '');
  await page.getByRole('link', { name: /All checks are well|what to do/ }).click();
  await page.getByRole('heading', { name: /Nothing is wrong|something wants to be done/ }).waitFor();
  await page.getByText('all of them answer').waitFor();
  await page.context().close();
});

test('the other consoles are one step away, on the same page', async () => {
  const page = await open(browser, 'topics');
  const link = page.locator('footer').getByRole('link', { name: 'node 2' });
  assert.equal(await link.getAttribute('href'), `${consoles[1]}/#/topics`);
  await page.context().close();
});

test('behind a prefix everything works as without one', async () => {
  const proxy = await behindPrefix(consoles[0], '/tools/flotilla');
  try {
    const page = await open(browser, '', { base: proxy.base });
    await page.waitForSelector('text=Healthy');
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Topics' }).click();
    await page.getByRole('link', { name: 'orders' }).first().click();
    await page.waitForSelector('.events td.value');
    assert.ok(
      page.requests.every((url) => url.startsWith(proxy.base)),
      page.requests.join('\n'),
    );
    assert.ok(page.requests.some((url) => url.includes('/api/live/')));
    await sound(page, { scan: false });
    await page.context().close();
  } finally {
    proxy.close();
  }
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
