// Nodes that are killed while somebody looks; CONTROL kills and starts them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, picture, sound } from './browser.mjs';

const SEEN_WITHIN = 3_000;
let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

async function control(what) {
  const response = await fetch(`${process.env.CONTROL}/${what}`, { method: 'POST' });
  assert.ok(response.ok, what);
}

test('the sentence changes when a node is killed, and back', async () => {
  const page = await open(browser, '');
  await page.getByText('Healthy: 3 of 3').waitFor();
  await control('kill/3');
  const began = Date.now();
  await page.getByText('Node 3 does not answer').first().waitFor({ timeout: SEEN_WITHIN });
  console.log(`a killed node is said after ${Date.now() - began} ms`);
  await picture(page, 'fault-node');
  await sound(page);
  await page.getByRole('link', { name: /what to do/ }).click();
  await page.getByRole('region', { name: 'NodeDown' }).getByText('Do:').waitFor();
  await page.getByText('flotilla cluster describe').first().waitFor();
  await picture(page, 'fault-doctor');
  await sound(page);
  await page.goBack();
  await control('start/3');
  await page.getByText('Healthy: 3 of 3').waitFor({ timeout: 60_000 });
  await page.getByText('Node 3 answers again').first().waitFor();
  await picture(page, 'fault-over');
  await sound(page);
  await page.context().close();
});

test('the node that serves the page is killed: the page says so, and comes back by itself', async () => {
  const page = await open(browser, '', { node: 2 });
  await page.getByText('Healthy: 3 of 3').waitFor();
  await control('kill/2');
  await page.getByText('This node does not answer').waitFor();
  await page.locator('.offline').getByRole('link', { name: 'node 1' }).waitFor();
  await picture(page, 'fault-server');
  await control('start/2');
  await page.getByText('This node does not answer').waitFor({ state: 'hidden', timeout: 60_000 });
  await page.getByText('Healthy: 3 of 3').waitFor({ timeout: 60_000 });
  await page.context().close();
});
