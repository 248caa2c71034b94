// Makes the pictures of the console that README.md shows, from nodes of its own with something to do:
//   npm --prefix cluster-tests/src/test/console run pictures
// NODES, 3 by default, are started by FLOTILLA, ./flotilla of the repository by default.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { packed } from './png.mjs';
import { keepBusy, seed } from './seed.mjs';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const OUT = process.env.PICTURES ?? join(ROOT, 'node/pictures');
const FLOTILLA = process.env.FLOTILLA ?? join(ROOT, 'flotilla');
const NODES = process.env.NODES ?? '3';
const PORT = process.env.BASE_PORT ?? '19500';
const EVENTS = 400;
const BUSY_SECONDS = 75;
const BYTES_MAX = 100_000;
const SIZE = { width: 1280, height: 800 };

const folder = mkdtempSync(join(tmpdir(), 'flotilla-pictures-'));
const started = [];

function flotilla(...args) {
  const child = spawn(FLOTILLA, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  return child;
}

/** Where the console is, once all nodes are ready. */
async function up() {
  const child = flotilla('up', '--nodes', NODES, '--base-port', PORT, '--dir', join(folder, 'cluster'));
  let said = '';
  for await (const chunk of child.stdout) {
    said += chunk;
    const console = /^console: (http:\S+?)\/?$/m.exec(said);
    if (console) {
      child.stdout.resume();
      return console[1];
    }
  }
  throw new Error(`the nodes did not start: ${said}`);
}

/** A member that reads; the more it takes the less its group lags. */
function member(topic, group, max) {
  const limit = max ? ['--max', String(max)] : [];
  const child = flotilla('subscribe', topic, '--group', group, '--from', 'earliest', '--quiet', ...limit, '--server', `127.0.0.1:${PORT}`);
  child.stdout.resume();
}

async function take(browser, base, scheme) {
  const page = await browser.newPage({ viewport: SIZE, colorScheme: scheme });
  await page.goto(`${base}/#/`);
  await page.getByText('Healthy').waitFor();
  await page.getByRole('table', { name: 'Groups furthest behind' }).getByText('billing').waitFor();
  const file = join(OUT, `console-${scheme}.png`);
  const png = packed(await page.screenshot());
  await page.close();
  writeFileSync(file, png);
  console.log(`${file}: ${png.length} bytes`);
  if (png.length > BYTES_MAX) throw new Error(`more than ${BYTES_MAX} bytes`);
}

async function run() {
  mkdirSync(OUT, { recursive: true });
  const base = await up();
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  try {
    await seed(base, EVENTS);
    member('orders', 'billing', EVENTS / 2);
    member('notifications', 'mailers');
    member('inventory', 'warehouse');
    // Somebody looks meanwhile, for the last quarter of an hour is kept only then.
    const watcher = await browser.newPage();
    await watcher.goto(`${base}/#/`);
    let wanted = true;
    const busy = keepBusy(base, () => wanted);
    try {
      await watcher.waitForTimeout(BUSY_SECONDS * 1_000);
      for (const scheme of ['light', 'dark']) await take(browser, base, scheme);
    } finally {
      wanted = false;
      await busy;
    }
  } finally {
    await browser.close();
  }
}

try {
  await run();
} finally {
  for (const child of started) child.kill('SIGTERM');
  await Promise.all(started.map((child) => child.exitCode ?? new Promise((resolve) => child.once('exit', resolve))));
  rmSync(folder, { recursive: true, force: true });
}
