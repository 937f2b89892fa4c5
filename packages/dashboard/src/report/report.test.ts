import { readFileSync } from 'node:fs';
import { expect, it, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { Dashboard, type DashboardOptions } from '../model/dashboard.ts';
import type { Fact } from '../model/fact.ts';
import type { Theme } from '../themes/theme.ts';
import { pictureSvg } from './pictureSvg.ts';
import { reportHtml } from './reportHtml.ts';
import { timeScale, valueScale } from './scale.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';

const theme = JSON.parse(
  readFileSync(new URL('../../assets/dashboards/themes/dark.json', import.meta.url), 'utf8'),
) as Theme;
const startMs = Date.UTC(2026, 0, 1);
const nowMs = startMs + 1e9;

const frame = (at: number, more: Partial<Extract<Fact, { kind: 'latency' }>> = {}): Fact => ({
  ...{ kind: 'latency', node: 'local', from: 'ingress', to: 'encoded', isExact: true },
  ...{ timeMs: startMs + at * 100, latencyMs: 5 + (at % 7), ...more },
});
const power = (at: number): Fact => ({
  kind: 'power',
  node: 'local',
  source: 'board',
  timeMs: startMs + at * 100,
  watts: 200 + (at % 5),
});

function shown(facts: readonly Fact[], options: DashboardOptions = {}): Snapshot {
  const dashboard = new Dashboard(options);
  dashboard.openInput('frames.jsonl', 'local');
  for (const fact of facts) dashboard.add('frames.jsonl', fact, nowMs);
  dashboard.finish();
  return snapshotOf(dashboard, {}, nowMs);
}

const isWellFormed = async (svg: string) =>
  (await validateXML({ xml: svg, schema: [], disableFileNameValidation: true } as never)).valid;
const frames = Array.from({ length: 300 }, (_, at) => [frame(at), power(at)]).flat();

it('has the figures of the view, its source, its range and what was left out', () => {
  const snapshot = shown([...frames, { ...frame(1), timeMs: 0 }]);
  const html = reportHtml(snapshot, theme);
  const { p95Ms = Number.NaN, p99Ms = Number.NaN } = snapshot.view.headline ?? {};
  expect([p95Ms, p99Ms]).toEqual([11, 11]);
  for (const text of [
    '11.0 ms',
    '200 to 204 W',
    'n 300',
    'frames.jsonl',
    '1 lines refused',
    '2026-01-01T00:00:00.000Z',
  ]) {
    expect(html).toContain(text);
  }
  expect(html).toBe(reportHtml(snapshot, theme));
});

it('needs no other file, and runs no script', () => {
  const html = reportHtml(shown(frames), theme);
  expect(html).not.toMatch(/<script|<link|<img|@import|url\(|\ssrc=|\shref=/i);
  expect(html).toContain(`default-src 'none'`);
});

test.each([
  ['tags', '<script>alert(1)</script>'],
  ['quotes and entities', `"'&lt;/><b onload=x>`],
  ['escape sequences', '\u001b[31mred\u001b]0;title\u0007'],
  ['a text that runs the other way', 'abc\u202edcba\u2066'],
  ['a null and half a pair', 'a\u0000b\ud800c'],
])('shows %s in names, and never executes them', async (_what, name) => {
  const facts: Fact[] = [
    ...[frame(0, { node: name, from: name, to: name }), { ...frame(1), node: name }],
    {
      kind: 'event',
      node: name,
      component: name,
      event: 'completion',
      run: name,
      timeMs: startMs,
      errorType: name,
      kernelVariant: name,
    },
    { kind: 'power', node: name, source: name, watts: 5, timeMs: startMs },
  ];
  const dashboard = new Dashboard();
  dashboard.openInput(name, name);
  for (const fact of facts) dashboard.add(name, fact, nowMs);
  const snapshot = snapshotOf(dashboard, {}, nowMs);
  const [html, svg] = [reportHtml(snapshot, theme), pictureSvg(snapshot, theme)];
  for (const made of [html, svg]) {
    expect(made).not.toMatch(/<script|<b /);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters must not be there
    expect(made).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]/);
    // Half of a pair of surrogates alone.
    expect(made).not.toMatch(/\p{Cs}/u);
  }
  expect(await isWellFormed(svg)).toBe(true);
});

test('without a latency, without power and without anything, it states that', async () => {
  for (const facts of [[power(1), power(2)], [frame(1)], [frame(1, { latencyMs: undefined as never })], []]) {
    const snapshot = shown(facts);
    const [html, svg] = [reportHtml(snapshot, theme), pictureSvg(snapshot, theme)];
    expect(html + svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(await isWellFormed(svg)).toBe(true);
    expect(svg).toContain('not measured');
  }
});

test('a baseline is named with both n, and what was made up is marked', () => {
  const dashboard = new Dashboard();
  for (const fact of frames) dashboard.add('in', fact, nowMs);
  const baseline = dashboard.asBaseline('last-week');
  const slower = frames.map((fact) =>
    fact.kind === 'latency' ? { ...fact, latencyMs: 2 * (fact.latencyMs ?? 0), simulated: true as const } : fact,
  );
  const snapshot = shown(slower, { baseline });
  for (const made of [reportHtml(snapshot, theme), pictureSvg(snapshot, theme)]) {
    expect(made).toContain('slower +100 % (n 300 against 300)');
    expect(made).toContain('simulated');
  }
});

test('a table has at most 200 rows, of runs 50, and counts the rest', () => {
  const many = Array.from({ length: 300 }, (_, at) => frame(at, { to: `stage ${at}` }));
  const runs = Array.from(
    { length: 80 },
    (_, at): Fact => ({
      kind: 'event',
      node: 'local',
      component: 'c',
      event: 'launch',
      run: `${at}`,
      timeMs: startMs + at,
    }),
  );
  const html = reportHtml(shown([...many, ...runs]), theme);
  expect(html).toContain('<p>and 100 more.</p>');
  expect(html).toContain('<p>and 30 more.</p>');
});

test('ticks are round: of values, and of time in UTC', () => {
  expect(valueScale(5.8, 16.7, 0, 100).ticks).toEqual([6, 8, 10, 12, 14, 16]);
  expect(valueScale(7, 7, 0, 100).ticks).toContain(7);
  expect(valueScale(0, 0, 0, 100).ticks[0]).toBe(0);
  const { ticks, at } = timeScale(startMs + 1, startMs + 300_000, 0, 300, 10);
  expect(ticks.map((each) => each - startMs)).toEqual(
    [30, 60, 90, 120, 150, 180, 210, 240, 270, 300].map((s) => s * 1000),
  );
  expect(at(startMs + 150_000)).toBeCloseTo(150, 0);
  expect(timeScale(startMs, startMs + 20 * 365 * 86_400_000, 0, 9, 9).ticks.length).toBeLessThan(12);
});
