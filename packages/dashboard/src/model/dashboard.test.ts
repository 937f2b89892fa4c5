import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Dashboard, type DashboardOptions } from './dashboard.ts';
import type { Fact } from './fact.ts';
import { seriesKey } from './series.ts';

const nowMs = Date.UTC(2026, 0, 1);

function event(run: string, name: string, timeMs: number, more: Partial<Extract<Fact, { kind: 'event' }>> = {}): Fact {
  return { kind: 'event', node: 'local', component: 'infer', event: name, run, timeMs, ...more };
}

function frame(
  timeMs: number,
  latencyMs: number | undefined,
  more: Partial<Extract<Fact, { kind: 'latency' }>> = {},
): Fact {
  const latency = latencyMs === undefined ? {} : { latencyMs };
  return { kind: 'latency', node: 'local', from: 'ingress', to: 'encoded', isExact: true, timeMs, ...latency, ...more };
}

function power(timeMs: number, watts: number): Fact {
  return { kind: 'power', node: 'local', source: 'board', watts, timeMs };
}

function dashboardOf(facts: readonly Fact[], options: DashboardOptions = {}, atMs = nowMs): Dashboard {
  const dashboard = new Dashboard(options);
  dashboard.openInput('in', 'local');
  for (const fact of facts) dashboard.add('in', fact, atMs);
  return dashboard;
}

const minute = { window: 60_000 } as const;

test('frames of a recording wait for their next stage while its parts are delivered', () => {
  const stage = (name: string, frameId: string, timeMs: number): Fact => ({
    ...{ kind: 'stage', node: 'local', stage: name, frameId, timeMs, timeNs: timeMs * 1e6 },
  });
  const [firstMs, arrivedMs] = [nowMs - 1e9, nowMs - 60_000];
  const dashboard = new Dashboard();
  // The second part has the further stage of the first frame, after frames of another node that are 3 s later.
  dashboard.add('in', stage('a', '1', firstMs), arrivedMs);
  dashboard.add('in', { ...stage('a', '1', firstMs + 3_000), node: 'other' }, arrivedMs);
  dashboard.delivering(nowMs);
  expect(dashboard.view({}, nowMs).series).toEqual([]);
  dashboard.add('in', stage('b', '1', firstMs + 5), arrivedMs);
  dashboard.delivering(nowMs + 10);
  expect(dashboard.view({}, nowMs + 2_000).series).toMatchObject([{ n: 1, dropped: 0 }]);
});

describe('runs', () => {
  const facts = Array.from({ length: 100 }, (_, at) => [
    event(`run ${at}`, 'launch', nowMs - 50_000 + at * 100),
    event(`run ${at}`, 'completion', nowMs - 50_000 + at * 100 + at + 1, at < 5 ? { errorType: 'OutOfMemory' } : {}),
  ]).flat();

  test('have percentiles by nearest rank and the share that succeeded', () => {
    const { headline, runs } = dashboardOf(facts).view(minute, nowMs);
    expect(headline).toMatchObject({
      series: { kind: 'run', name: 'infer' },
      n: 100,
      failed: 5,
      successShare: 0.95,
      p50Ms: 50,
      p95Ms: 95,
      p99Ms: 99,
      maxMs: 100,
      minMs: 1,
      currentMs: 100,
    });
    expect(runs[0]).toMatchObject({ id: 'run 99', state: 'ok', p50Ms: 100, successShare: 1 });
    expect(runs).toHaveLength(100);
  });

  test('have the mean of the energy that their completions state', () => {
    const [launch, completion] = [
      event('a', 'launch', nowMs - 9),
      event('a', 'completion', nowMs - 5, { energyJoules: 12 }),
    ];
    const { headline } = dashboardOf([launch, completion, event('b', 'completion', nowMs - 4)]).view(minute, nowMs);
    expect(headline).toMatchObject({ joules: 12, energyN: 1, succeeded: 2 });
  });

  test('that fail are a finding, counted once for each cause', () => {
    expect(dashboardOf(facts).view(minute, nowMs).findings).toMatchObject([
      { severity: 'bad', text: 'infer failed: OutOfMemory', count: 5 },
    ]);
  });

  test('of one correlation id are summarised together', () => {
    const batch = Array.from({ length: 10 }, (_, at) => [
      event('batch', 'launch', nowMs - 1_000 + at * 10),
      event('batch', 'completion', nowMs - 1_000 + at * 10 + 4),
    ]).flat();
    expect(dashboardOf(batch).view(minute, nowMs).runs).toMatchObject([{ id: 'batch', completions: 10, p50Ms: 4 }]);
  });

  test('without a launch have no latency, and are not a latency of 0', () => {
    const { headline } = dashboardOf([event('a', 'completion', nowMs)]).view(minute, nowMs);
    expect(headline).toMatchObject({ n: 0, succeeded: 1, successShare: 1 });
    expect(headline).not.toHaveProperty('p95Ms');
  });

  test('with ever new correlation ids are bounded and counted', () => {
    const dashboard = new Dashboard();
    for (let at = 0; at < 50_000; at++) dashboard.add('in', event(`${at}`, 'launch', nowMs), nowMs);
    const view = dashboard.view(minute, nowMs);
    expect(view.runs).toHaveLength(1_000);
    expect(view.forgotten).toBe(49_000);
  });
});

describe('frames', () => {
  test('that were dropped lower the success and have no latency', () => {
    const facts = [frame(nowMs - 3, 5), frame(nowMs - 2, 7), frame(nowMs - 1, undefined)];
    expect(dashboardOf(facts).view(minute, nowMs).headline).toMatchObject({ n: 2, dropped: 1, successShare: 2 / 3 });
  });

  test('have a level in words: green below 10 ms, red above 20 ms', () => {
    const levels = [9.9, 10, 20, 20.1].map((ms) => dashboardOf([frame(nowMs, ms)]).view(minute, nowMs).headline?.level);
    expect(levels).toEqual(['good', 'slow', 'slow', 'bad']);
  });

  test('are joined with the nearest power within a second, with its age', () => {
    const dashboard = dashboardOf([
      power(nowMs - 5_000, 100),
      power(nowMs - 900, 250),
      frame(nowMs - 600, 5),
      frame(nowMs - 3_000, 5),
    ]);
    expect(dashboard.rows(minute, nowMs)).toMatchObject([
      { timeMs: nowMs - 3_000 },
      { timeMs: nowMs - 600, powerWatts: 250, powerAgeMs: 300 },
    ]);
    expect(dashboard.rows(minute, nowMs)[0]).not.toHaveProperty('powerWatts');
    expect(dashboard.scatter(minute, nowMs, 100)).toEqual({
      powerWatts: [250],
      latencyMs: [5],
      oldestPowerMs: 300,
      of: 2,
    });
  });

  test('that were measured on emulated hardware mark the view, the series and the node', () => {
    const view = dashboardOf([frame(nowMs, 5, { simulated: true })]).view(minute, nowMs);
    expect([view.isSimulated, view.headline?.isSimulated, view.nodes[0]?.isSimulated]).toEqual([true, true, true]);
  });
});

describe('the range of time', () => {
  test('of a live stream ends now, and stays there when the stream stops: its age grows, and no value is repeated', () => {
    const dashboard = dashboardOf([frame(nowMs - 100, 5), power(nowMs - 100, 80)]);
    const later = dashboard.view({ window: 30_000 }, nowMs + 60_000);
    expect(later.range).toMatchObject({ mode: 'live', toMs: nowMs + 60_000, ageMs: 60_100 });
    expect(later.series).toEqual([]);
    expect(later.power).toMatchObject({ n: 0, current: 80, ageMs: 60_100 });
    expect(dashboard.chart({ window: 30_000 }, nowMs + 60_000, 10).power.n).toBe(0);
  });

  test('of a recording ends with its newest fact, however old', () => {
    const oldMs = Date.UTC(2019, 4, 5);
    const dashboard = dashboardOf([frame(oldMs, 5), frame(oldMs + 7_000, 9)]);
    expect(dashboard.view({ window: 'all' }, nowMs).range).toMatchObject({
      mode: 'recording',
      fromMs: oldMs,
      toMs: oldMs + 7_000,
    });
    expect(dashboard.view({ window: 30_000 }, nowMs).headline).toMatchObject({ n: 2 });
  });

  test('before anything came is that of waiting', () => {
    expect(new Dashboard().view(minute, nowMs)).toMatchObject({ range: { mode: 'waiting' }, series: [], facts: 0 });
  });

  test('is not moved by times of 1970 and 2100, which are counted and found', () => {
    const dashboard = dashboardOf([frame(0, 5), frame(Date.UTC(2100, 0, 1), 5), frame(nowMs, 5)]);
    const view = dashboard.view(minute, nowMs);
    expect(view).toMatchObject({ refusedLines: 2, facts: 1, range: { toMs: nowMs } });
    expect(view.findings[0]?.text).toContain('check the clock');
  });
});

describe('a pause', () => {
  test('keeps data and range, also under another window, and counts what comes', () => {
    const dashboard = dashboardOf([frame(nowMs - 40_000, 5), frame(nowMs, 6)]);
    dashboard.pause(nowMs);
    const before = dashboard.view(minute, nowMs);
    for (let at = 0; at < 812; at++) dashboard.add('in', frame(nowMs + at, 99), nowMs + at);
    const paused = dashboard.view(minute, nowMs + 10_000);
    expect(paused.paused).toEqual({ atMs: nowMs, waiting: 812 });
    expect(paused.series).toEqual(before.series);
    expect(paused.range.toMs).toBe(nowMs);
    expect(dashboard.view({ window: 30_000 }, nowMs + 10_000).headline?.n).toBe(1);
    dashboard.resume();
    expect(dashboard.view(minute, nowMs + 812).headline?.n).toBe(814);
  });
});

describe('a baseline', () => {
  const slow = Array.from({ length: 40 }, (_, at) => frame(nowMs - at, 30));
  const fast = Array.from({ length: 40 }, (_, at) => frame(nowMs - at, 20));

  test('gives the change with n on both sides, and a finding in words', () => {
    const baseline = dashboardOf(fast).asBaseline('last week');
    const view = dashboardOf(slow, { baseline }).view(minute, nowMs);
    expect(view.headline?.delta).toEqual({
      word: 'slower',
      p95Ratio: 1.5,
      p50Ratio: 1.5,
      successChange: 0,
      n: 40,
      baselineN: 40,
    });
    expect(view.findings[0]).toMatchObject({
      severity: 'bad',
      text: 'ingress → encoded: p95 is 50 % slower than the baseline (n 40 against 40)',
    });
  });

  test('of few frames decides nothing', () => {
    const baseline = dashboardOf(fast.slice(0, 19)).asBaseline('few');
    expect(dashboardOf(slow, { baseline }).view(minute, nowMs).headline?.delta?.word).toBe('too few');
  });

  test('without the series gives no change', () => {
    const baseline = dashboardOf([frame(nowMs, 5, { to: 'shown' })]).asBaseline('other');
    expect(dashboardOf(slow, { baseline }).view(minute, nowMs).headline).not.toHaveProperty('delta');
  });
});

describe('kernels', () => {
  const kernels = {
    kernels: [{ variant: 'gpu-cuda' }],
    missing: [{ name: 'dot', variant: 'cpu-avx512', reason: 'blocked' }],
  };

  test('that the build did not make, and missing artifacts, are findings in words', () => {
    const facts = ['gpu-cuda', 'cpu-avx512', 'cpu-sse2'].map((kernelVariant) =>
      event('r', 'diagnostic', nowMs, { kernelVariant }),
    );
    const missing = event('r', 'diagnostic', nowMs, { missingArtifact: 'model.bin' });
    const texts = dashboardOf([...facts, missing], { kernels })
      .view(minute, nowMs)
      .findings.map(({ text }) => text);
    expect(texts.sort()).toEqual([
      'infer misses the artifact model.bin',
      'kernel cpu-avx512 runs, and the build did not make it: blocked',
      'kernel cpu-sse2 runs, and the build does not know it',
    ]);
  });
});

describe('curves', () => {
  test('keep the least and the greatest value of each pixel', () => {
    const facts = Array.from({ length: 54_000 }, (_, at) =>
      frame(nowMs - 54_000 + at, at === 27_123 ? 900 : at === 13_001 ? 0.01 : 10),
    );
    const { latency } = dashboardOf(facts).chart({ window: 60_000 }, nowMs, 100);
    expect(latency.n).toBe(54_000);
    expect([
      Math.min(...latency.min.filter(Number.isFinite)),
      Math.max(...latency.max.filter(Number.isFinite)),
    ]).toEqual([0.01, 900]);
  });

  test('are of the chosen series alone', () => {
    const other = { kind: 'pair', node: 'local', name: 'ingress → shown' } as const;
    const dashboard = dashboardOf([frame(nowMs, 5), frame(nowMs, 6), frame(nowMs, 70, { to: 'shown' })]);
    expect(dashboard.chart(minute, nowMs, 4).latency.greatest).toBe(6);
    expect(dashboard.chart({ ...minute, series: seriesKey(other) }, nowMs, 4).latency.greatest).toBe(70);
    expect(dashboard.histogram({ ...minute, series: seriesKey(other) }, nowMs, 10)?.n).toBe(1);
  });
});

test('figures of many rows are a second old at most, and exact after a pause and at the end', () => {
  const dashboard = dashboardOf(Array.from({ length: 6_000 }, (_, at) => frame(nowMs - 6_000 + at, 5)));
  const nOf = (atMs: number) => dashboard.view(minute, atMs).headline?.n;
  expect(nOf(nowMs)).toBe(6_000);
  dashboard.add('in', frame(nowMs, 5), nowMs);
  expect([nOf(nowMs + 999), nOf(nowMs + 1_000)]).toEqual([6_000, 6_001]);
  dashboard.add('in', frame(nowMs, 5), nowMs);
  dashboard.pause(nowMs + 1_000);
  expect(nOf(nowMs + 1_001)).toBe(6_002);
  dashboard.resume();
  dashboard.add('in', frame(nowMs, 5), nowMs);
  expect(nOf(nowMs + 1_002)).toBe(6_003);
  dashboard.add('in', frame(nowMs, 5), nowMs);
  dashboard.finish();
  expect(nOf(nowMs + 1_003)).toBe(6_004);
});

test('a filter takes what has the text in its name, node or id', () => {
  const dashboard = dashboardOf([
    frame(nowMs, 5),
    event('abc', 'launch', nowMs),
    event('xyz', 'launch', nowMs, { node: 'rig-07' }),
  ]);
  const view = dashboard.view({ ...minute, filter: 'RIG' }, nowMs);
  expect(view.runs.map(({ id }) => id)).toEqual(['xyz']);
  expect(view.nodes.map(({ node }) => node)).toEqual(['rig-07']);
  expect(view.series).toEqual([]);
});

test('a dropped frame is known once nothing further came, and at once when the input has ended', () => {
  const stage = (name: string, frameId: string, timeMs: number): Fact => ({
    kind: 'stage',
    node: 'local',
    stage: name,
    frameId,
    timeMs,
    timeNs: timeMs * 1e6,
  });
  const old = nowMs - 1e9;
  const dashboard = dashboardOf([stage('a', '1', old), stage('b', '1', old + 4), stage('a', '2', old + 10)]);
  expect(dashboard.view({ window: 'all' }, nowMs).headline).toMatchObject({ n: 1, dropped: 0 });
  dashboard.finish();
  expect(dashboard.view({ window: 'all' }, nowMs).headline).toMatchObject({ n: 1, dropped: 1 });
});

test('no file of the model needs Node', () => {
  for (const name of readdirSync(new URL('.', import.meta.url)).filter((file) => !file.endsWith('.test.ts'))) {
    const text = readFileSync(new URL(name, import.meta.url), 'utf8');
    const imports = [...text.matchAll(/from '([^']+)'/g)].map(([, from]) => from as string);
    const outside = imports.filter(
      (from) => !from.startsWith('./') && !/^\.\.\/themes\/(contrast|theme)\.ts$/.test(from),
    );
    expect(outside.filter((from) => from !== '@benchlab-otel/analysis/figures')).toEqual([]);
    expect(text).not.toMatch(/\b(process|Buffer|require)\b[.(]/);
  }
});

describe('what a page shows besides', () => {
  const facts = [
    ...Array.from({ length: 500 }, (_, at) => frame(nowMs - 50_000 + at * 100, at + 1)),
    power(nowMs - 30_000, 100),
    frame(nowMs - 1, 7, { node: 'rig-07' }),
  ];

  test('the newest rows are the last ones with a latency, with the time of the first fact', () => {
    const { startMs, rows } = dashboardOf([...facts, frame(nowMs, undefined)]).newestRows(300, nowMs);
    expect(startMs).toBe(nowMs - 50_000);
    expect(rows).toHaveLength(300);
    expect(rows.map(({ latencyMs }) => latencyMs).slice(-3)).toEqual([499, 500, 7]);
  });

  test('trends have the figures of each part of the range, and nothing where nothing was measured', () => {
    const { latency, power: watts } = dashboardOf(facts).trends({ ...minute, node: 'local' }, nowMs, 6);
    expect([...latency.last]).toEqual([Number.NaN, 100, 200, 300, 400, 500]);
    expect(latency.mean[1]).toBe(50.5);
    expect([latency.p95[1], latency.p99[1]]).toEqual([95, 99]);
    expect([...watts.last]).toEqual([Number.NaN, Number.NaN, Number.NaN, 100, Number.NaN, Number.NaN]);
  });

  test('one node can be shown alone', () => {
    const dashboard = dashboardOf(facts);
    const view = dashboard.view({ ...minute, node: 'rig-07' }, nowMs);
    expect(view.series.map(({ series, n }) => [series.node, n])).toEqual([['rig-07', 1]]);
    expect(view).not.toHaveProperty('power');
    expect(dashboard.rows({ ...minute, node: 'rig-07' }, nowMs)).toHaveLength(1);
    expect(view.nodes).toHaveLength(2);
  });

  test('another baseline is compared with from then on', () => {
    const dashboard = dashboardOf(facts);
    dashboard.compareWith(dashboardOf(facts).asBaseline('before'));
    expect(dashboard.view(minute, nowMs)).toMatchObject({ baseline: 'before', headline: { delta: { word: 'same' } } });
    dashboard.compareWith(undefined);
    expect(dashboard.view(minute, nowMs)).not.toHaveProperty('baseline');
  });
});
