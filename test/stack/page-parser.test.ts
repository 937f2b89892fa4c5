import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type ReadPage, readPage } from '@benchlab-otel/analysis';
import { expect, test } from 'vitest';
import { randomMetrics, randomPage, seeded } from '../../packages/node/src/page/randomMetrics.suite.ts';
import { installed } from './process.ts';

type Format = 'text' | 'openmetrics';
type Sample = readonly [name: string, labels: Record<string, string>, value: string, hasExemplar: boolean];
interface Read {
  readonly error?: string;
  readonly families?: readonly (readonly [name: string, type: string, samples: readonly Sample[]])[];
}

const accepts = { openmetrics: 'application/openmetrics-text;version=1.0.0', text: 'text/plain;version=0.0.4' };

async function readByReference(pages: readonly { readonly format: Format; readonly text: string }[]): Promise<Read[]> {
  const script = fileURLToPath(new URL('page_families.py', import.meta.url));
  const python = spawn(installed('python'), [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  let answer = '';
  python.stdout.setEncoding('utf8').on('data', (chunk) => {
    answer += chunk;
  });
  for (const page of pages) python.stdin.write(`${JSON.stringify(page)}\n`);
  python.stdin.end();
  await once(python, 'close');
  return answer
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Read);
}

async function randomPages(count: number): Promise<{ readonly format: Format; readonly text: string }[]> {
  const pages: { readonly format: Format; readonly text: string }[] = [];
  for (let seed = 0; seed < count; seed += 1) {
    const page = randomPage(seed, randomMetrics);
    const url = await page.listen();
    for (const [format, accept] of Object.entries(accepts) as [Format, string][]) {
      const response = await fetch(url, { headers: { accept, connection: 'close' } });
      pages.push({ format, text: await response.text() });
    }
    await page.close();
  }
  return pages;
}

/**
 * Values by series, as both have them: of a histogram its count. Counters are without `_total`: the reference parser of text
 * gives it to those that do not have it, and Prometheus does not.
 */
function oursOf({ series }: ReadPage): Record<string, string> {
  const all = series.flatMap(({ name, type, points }) => {
    const shown = type === 'counter' ? `counter ${name.replace(/_total$/, '')}` : name;
    return points.map(({ labels, value, exemplars }) => [keyOf(shown, labels), `${value} ${exemplars}`]);
  });
  return Object.fromEntries(all);
}

function theirsOf({ families = [] }: Read): Record<string, string> {
  const values: Record<string, string> = {};
  const exemplars = new Map<string, number>();
  for (const [family, type, samples] of families) {
    const isCounted = type === 'histogram' || type === 'gaugehistogram' || type === 'summary';
    for (const [name, { le, ...others }, value, hasExemplar] of samples) {
      const labels = le === undefined || name === `${family}_bucket` ? others : { ...others, le };
      if (name.endsWith('_created') && type !== 'gauge' && type !== 'unknown') continue;
      const shown = type === 'counter' ? `counter ${family}` : isCounted ? family : name;
      const key = keyOf(shown, labels);
      exemplars.set(key, (exemplars.get(key) ?? 0) + (hasExemplar ? 1 : 0));
      // The count, or where there is none the bucket of all values, which comes before it.
      if (isCounted && (name.endsWith('_sum') || name.endsWith('_gsum'))) continue;
      values[key] = number(value);
    }
  }
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, `${value} ${exemplars.get(key)}`]));
}

function keyOf(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).filter(([, value]) => value !== '');
  return `${name} ${JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}

/** As Python writes it. */
function number(text: string): string {
  if (text === 'inf') return 'Infinity';
  if (text === '-inf') return '-Infinity';
  return text === 'nan' ? 'NaN' : String(Number(text));
}

const pages = 100;

test(`reads the same series as the reference parsers from ${2 * pages} random pages`, async () => {
  const all = await randomPages(pages);
  const reference = await readByReference(all);
  expect(reference).toHaveLength(all.length);
  for (const [k, page] of all.entries()) {
    const read = readPage(page.text, { format: page.format });
    expect([k, read.problems]).toEqual([k, []]);
    expect([k, oursOf(read)]).toEqual([k, theirsOf(reference[k] ?? {})]);
  }
}, 300_000);

test('refuses every page of OpenMetrics that the reference parser refuses', async () => {
  const random = seeded(7);
  const whole = (await randomPages(20)).filter(({ format }) => format === 'openmetrics');
  const damaged = whole.flatMap(({ text }) =>
    Array.from({ length: 50 }, () => ({ format: 'openmetrics' as const, text: damage(text, random) })),
  );
  const reference = await readByReference(damaged);
  const missed = damaged.filter(
    ({ text }, k) => reference[k]?.error !== undefined && readPage(text, { format: 'openmetrics' }).problemCount === 0,
  );
  expect(reference.filter(({ error }) => error !== undefined).length).toBeGreaterThan(200);
  expect(missed.map((page) => reference[damaged.indexOf(page)]?.error)).toEqual([]);
}, 300_000);

/** Without a piece, with a piece twice, or with another character. */
function damage(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  const end = at + 1 + Math.floor(random() * 5);
  const way = Math.floor(random() * 4);
  if (way === 0) return text.slice(0, at) + text.slice(end);
  if (way === 1) return text.slice(0, end) + text.slice(at);
  if (way === 2) return `${text.slice(0, at)}${'"\\{},= #\n1e'[Math.floor(random() * 11)]}${text.slice(at + 1)}`;
  const lines = text.split('\n');
  const line = Math.floor(random() * lines.length);
  return [...lines.slice(0, line), lines[line], ...lines.slice(line)].join('\n');
}
