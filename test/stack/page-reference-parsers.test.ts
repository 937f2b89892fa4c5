import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { clashingMetrics, randomMetrics, randomPage } from '../../packages/node/src/page/randomMetrics.suite.ts';
import { installed } from './process.ts';

const registries = 150;
const scrapes = 2;
const accepts = { openmetrics: 'application/openmetrics-text;version=1.0.0', text: 'text/plain;version=0.0.4' };

test(`the reference parsers take every page of ${2 * registries} random registries, and no family changes its type`, async () => {
  const pages: { name: string; format: keyof typeof accepts; text: string }[] = [];
  for (const [kind, make] of Object.entries({ clashing: clashingMetrics, odd: randomMetrics })) {
    for (let seed = 0; seed < registries; seed += 1) {
      const page = randomPage(seed, make);
      const url = await page.listen();
      for (let scrape = 0; scrape < scrapes; scrape += 1) {
        for (const [format, accept] of Object.entries(accepts)) {
          const response = await fetch(url, { headers: { accept, connection: 'close' } });
          const name = `${kind} ${format} ${seed} ${scrape}`;
          pages.push({ name, format: format as keyof typeof accepts, text: await response.text() });
        }
      }
      await page.close();
    }
  }
  const { refused, read: accepted } = await readBy(pages);
  expect(refused.slice(0, 5)).toEqual([]);
  expect(accepted).toBe(pages.length);

  // By the lines of the page: the parser of text calls the counter `x_total` x, as another family may be called.
  const changed: string[] = [];
  const seen = new Map<string, string>();
  for (const { name, text } of pages) {
    const registry = name.slice(0, name.lastIndexOf(' '));
    for (const [, family, type = ''] of text.matchAll(/^# TYPE (.+) (\w+)$/gm)) {
      const before = seen.get(`${registry} ${family}`) ?? type;
      if (before !== type) changed.push(`${name}: ${family} was ${before} and is ${type}`);
      seen.set(`${registry} ${family}`, before);
    }
  }
  expect(changed.slice(0, 5)).toEqual([]);
}, 300_000);

interface Read {
  readonly refused: readonly [string, string][];
  /** Number of pages that were read. */
  readonly read: number;
}

async function readBy(pages: readonly object[]): Promise<Read> {
  const script = fileURLToPath(new URL('reference_parsers.py', import.meta.url));
  const python = spawn(installed('python'), [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  let answer = '';
  python.stdout.on('data', (chunk) => {
    answer += chunk;
  });
  for (const page of pages) python.stdin.write(`${JSON.stringify(page)}\n`);
  python.stdin.end();
  await once(python, 'close');
  return JSON.parse(answer) as Read;
}
