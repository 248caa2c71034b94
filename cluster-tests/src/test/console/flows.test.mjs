// What operators come for, from the first click to the last.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, launch, open, picture, sound } from './browser.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const publish = (topic, key, value) => api('actions/publish', { body: { topic, key, value } });

test('a topic is created, an event published and seen live', async () => {
  const page = await open(browser, 'topics');
  await page.getByRole('button', { name: 'Create topic' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('[name=name]').fill('fresh');
  await dialog.locator('[name=partitions]').fill('2');
  assert.match(await dialog.locator('code').innerText(), /^flotilla topic create fresh --partitions 2$/);
  await picture(page, 'flow-create');
  await sound(page);
  await dialog.getByRole('button', { name: 'Create topic' }).click();
  await page.getByRole('heading', { name: 'fresh' }).waitFor();
  await page.getByRole('button', { name: 'Live' }).click();
  await page.getByText('Waiting for events').waitFor();

  await page.getByRole('button', { name: 'Publish' }).click();
  await dialog.locator('[name=key]').fill('customer-1');
  await dialog.locator('[name=value]').fill('{"total":12345678901234567890}');
  await dialog.locator('[name=headers]').fill('trace: abc-1');
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await page.locator('td.value', { hasText: '12345678901234567890' }).waitFor();
  await page.getByText('1 came').waitFor();
  await picture(page, 'flow-live');

  await page.locator('td.place button').first().click();
  await page.getByRole('button', { name: 'JSON' }).waitFor();
  const shown = await page.locator('.drawer pre').innerText();
  assert.equal(shown, '{\n  "total": 12345678901234567890\n}', 'numbers stay as they were written');
  await page.getByText('abc-1').waitFor();
  await page.getByText(/^\d+, epoch \d+$/).waitFor();
  await page.getByRole('button', { name: 'Next of this key' }).click();
  await page.getByText('This is the last of its key here.').waitFor();
  await sound(page);

  const place = await page.getByRole('heading', { name: /^fresh\/\d @ 0$/ }).innerText();
  await page.getByRole('button', { name: 'Repeat this event…' }).click();
  const form = page.getByRole('dialog', { name: 'Publish to fresh' });
  assert.equal(await form.locator('[name=key]').inputValue(), 'customer-1');
  assert.equal(await form.locator('[name=headers]').inputValue(), 'trace: abc-1');
  await picture(page, 'flow-repeat');
  await sound(page);
  await form.getByRole('button', { name: 'Publish' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Next of this key' }).click();
  await page.getByRole('heading', { name: place.replace('@ 0', '@ 1') }).waitFor();
  await page.context().close();
});

test('an event is found by its key, and by what it contains', async () => {
  const page = await open(browser, 'topics/orders');
  await page.locator('[name=from]').selectOption('earliest');
  await page.locator('[name=key]').fill('customer-7');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('all seen').waitFor();
  const keys = await page.locator('td.key').allInnerTexts();
  assert.equal(keys.length, 50);
  assert.deepEqual([...new Set(keys)], ['customer-7']);
  await page.locator('[name=where]').fill('"order":107,');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('1 found').waitFor();
  assert.match(page.url(), /key=customer-7/, 'the query stands in the address');
  await picture(page, 'flow-search');
  await sound(page);
  await page.context().close();
});

test('a search says how much it saw and goes on', async () => {
  const page = await open(browser, 'topics/orders?from=earliest&limit=20');
  await page.getByText(/Scanned [\d,.]+ of 500 .*20 found.*stopped at the limit/).waitFor();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('40 found').waitFor();
  await page.locator('[name=from]').selectOption('time');
  await page.locator('[name=at]').fill('yesterday-ish');
  assert.ok(await page.getByRole('button', { name: 'Search' }).isDisabled());
  await page.locator('[name=at]').fill('2026-01-01');
  await page.locator('[name=limit]').selectOption('500');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('500 found').waitFor();
  await page.context().close();
});

test('values are text, whatever is in them, and large ones do not freeze the page', async () => {
  const attack = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>';
  await api('actions/create-topic', { body: { name: 'strange', partitions: 1 } });
  await publish('strange', '<b>key</b>', attack);
  await publish('strange', 'big', JSON.stringify({ text: 'x'.repeat(1_000_000) }));
  const page = await open(browser, 'topics/strange');
  await page.locator('td.value', { hasText: '<img src=x' }).waitFor();
  await page.getByRole('button', { name: 'Open event 0@0' }).click();
  assert.equal(await page.locator('.drawer pre').innerText(), attack);
  await page.getByRole('button', { name: 'Event behind' }).click();
  await page.getByRole('heading', { name: 'strange/0 @ 1' }).waitFor();
  const began = Date.now();
  await page.getByRole('button', { name: 'hex' }).click();
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.locator('.drawer pre', { hasText: '0f4240' }).waitFor();
  console.log(`1 MB in hex after ${Date.now() - began} ms`);
  assert.doesNotMatch(await page.title(), /taken/);
  assert.equal(await page.locator('.drawer img, td img').count(), 0);
  await sound(page, { scan: false });
  await page.context().close();
});

test('a group is reset, after it was shown what that means', async () => {
  const page = await open(browser, 'groups/billing');
  await page.getByText('billing is').waitFor();
  await page.getByRole('button', { name: 'Reset…' }).click();
  await page.getByText(/\d+ events? will be processed again/).waitFor();
  await page.locator('[name=to]').selectOption('latest');
  await page.getByText(/\d+ events? will be skipped/).waitFor();
  await picture(page, 'flow-reset');
  await sound(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
  await page.getByText('billing is up to date').waitFor();
  await page.context().close();
});

test('a group with members is not reset', async () => {
  const page = await open(browser, 'groups/mailers');
  await page.getByRole('button', { name: 'Reset…' }).click();
  await page.getByText(/GROUP_NOT_EMPTY/).waitFor();
  assert.ok(await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).isDisabled());
  await page.context().close();
});

test('a setting is changed and goes back to the default', async () => {
  const page = await open(browser, 'topics/orders?tab=settings');
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Change retention.time' }).click();
  await dialog.getByLabel('New value').fill('3d');
  await dialog.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('row', { name: /retention.time 3 d this topic/ }).waitFor();
  await page.getByRole('button', { name: 'Change retention.time' }).click();
  await dialog.getByRole('button', { name: 'Back to the default' }).click();
  await page.getByRole('row', { name: /retention.time 7 d the cluster/ }).waitFor();
  await page.context().close();
});

test('the leader of a partition is moved', async () => {
  const page = await open(browser, 'topics/orders?tab=partitions');
  const row = page.getByRole('row').nth(1);
  const dialog = page.getByRole('dialog');
  await row.getByRole('button', { name: 'Move leader of partition 0' }).click();
  const to = await dialog.locator('select').inputValue();
  assert.match(await dialog.locator('code').innerText(), new RegExp(`^flotilla topic move-leader orders --partition 0 --to ${to}$`));
  await picture(page, 'flow-move-leader');
  await sound(page);
  await dialog.getByRole('button', { name: 'Move', exact: true }).click();
  await row.getByText(`${to} leads`).waitFor();
  await page.context().close();
});

test('the keyboard is enough', async () => {
  const page = await open(browser, '');
  await page.keyboard.press('/');
  await page.keyboard.type('orde');
  await page.locator('.jump li').first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'orders' }).waitFor();
  await page.locator('td.place button').first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /orders\/\d @ \d+/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.doesNotMatch(page.url(), /event=/);
  await page.context().close();
});

test('a topic is deleted once its name is typed', async () => {
  const page = await open(browser, 'topics/fresh');
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  assert.ok(await dialog.getByRole('button', { name: 'Delete for good' }).isDisabled());
  await dialog.getByLabel('Type fresh to confirm').fill('fresh');
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await page.getByRole('heading', { name: 'Topics' }).waitFor();
  await page.goto(page.url().replace(/#.*/, '#/topics/fresh'));
  await page.getByText('there is no topic "fresh"').waitFor();
  await page.context().close();
});
