// A browser that notices what must not happen: errors, calls to other hosts, pages wider than the window.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

export const consoles = process.env.CONSOLES.split(',');
const pictures = process.env.PICTURES;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Nodes, browser and all else share few processors. */
export const PATIENCE = 30_000;

mkdirSync(pictures, { recursive: true });

export async function launch() {
  return chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: FLAGS });
}

/** A page that keeps its faults; `path` is what stands behind the hash. */
export async function open(browser, path, { node = 1, base = consoles[node - 1], width = 1280, scheme = 'light', height = 900 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.faults = [];
  page.requests = [];
  page.on('console', (message) => message.type() === 'error' && page.faults.push(message.text()));
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('request', (request) => {
    page.requests.push(request.url());
    if (!request.url().startsWith(base) && !request.url().startsWith('blob:')) {
      page.faults.push('asked elsewhere: ' + request.url());
    }
  });
  await page.goto(`${base}/#/${path}`);
  await page.waitForSelector('h1');
  return page;
}

export async function picture(page, name) {
  await page.screenshot({ path: `${pictures}/${name}.png` });
}

/** Nothing was wrong with the page. */
export async function sound(page, { scan = true } = {}) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${page.url()} is ${wide} px wider than the window`);
  if (scan) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).slice(0, 3).join(' ')}`);
    assert.deepEqual(told, [], page.url());
  }
  assert.deepEqual(page.faults, [], page.url());
}

export async function api(path, { node = 1, body } = {}) {
  const response = await fetch(`${consoles[node - 1]}/api/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: body ? { 'Content-Type': 'application/json' } : {},
    body: body && JSON.stringify(body),
  });
  const answer = await response.json();
  assert.ok(response.ok, JSON.stringify(answer));
  return answer;
}
