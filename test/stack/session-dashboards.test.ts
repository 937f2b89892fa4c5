// The dashboards of pipelines and of run comparison on two sessions that are being recorded: real GStreamer, an agent with an
// emulated board, the pages of the recorders, and a real Prometheus with the shipped rules.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { substituted } from '../../monitoring/src/execution/chosen.ts';
import { namedQueries } from '../../monitoring/src/queries.ts';
import { bin, startNode } from '../../packages/probe-cli/src/host/childProbe.suite.ts';
import { gstPipeline } from '../../scripts/stack-system.mjs';
import { until } from './process.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';
import { placeOf } from './queries/places.ts';
import { shapeFaults } from './queries/shapeFaults.ts';

const limitMs = 120_000;
const pair = 'ingress_to_encoded';
const source = 'videotestsrc is-live=true ! video/x-raw,width=64,height=48,framerate=50/1 ! identity name=ingress';
/** The second one is too slow for its frames, and drops some. */
const pipelines = {
  run: `${source} ! jpegenc name=encoded ! fakesink`,
  baseline: `${source} ! queue leaky=downstream max-size-buffers=2 ! identity sleep-time=40000 ! jpegenc name=encoded ! fakesink`,
};

let folder: string;
let prometheus: Prometheus;
let instances: { readonly run: string; readonly baseline: string };
const stops: (() => unknown)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-session-dashboards-'));
  const socket = join(folder, 'agent.sock');
  const agent = startNode([bin, 'agent', '--simulate', '--no-nvml', '--socket', socket, '--metrics-port', '0']);
  stops.push(() => agent.close());
  await agent.shown(/The agent runs/);
  const record = async (name: keyof typeof pipelines) => {
    const at = ['--data-root', folder, '--session', name, '--agent', socket, '--metrics-port', '0'];
    const recorder = startNode([bin, 'sessions', 'record', ...at, '--', ...gstPipeline(pipelines[name])]);
    stops.push(async () => {
      recorder.child.kill('SIGINT');
      await recorder.ended;
    });
    const [, url = ''] = await recorder.shown(/Metrics: (\S+)/);
    return new URL(url).host;
  };
  const [run, baseline] = await Promise.all([record('run'), record('baseline')]);
  instances = { run, baseline };
  prometheus = await startPrometheus();
  stops.push(() => prometheus.stop());
  await prometheus.scrape({ services: run, 'benchlab-probe': baseline });
  // A rate needs two scrapes, and a rule that is made of rates one more evaluation.
  const recorded = 'pair:benchlab_pipeline_frames_dropped:ratio_rate1m > 0';
  await until('drops of both recordings', async () => (await prometheus.query(recorded)).length > 0, limitMs);
  const both = 'count(rate(benchlab_pipeline_latency_seconds_count[15s]) > 0) == 2';
  await until('latencies of both recordings', async () => (await prometheus.query(both)).length > 0, limitMs);
}, limitMs);
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
  rmSync(folder, { recursive: true, force: true });
});

const queriesOf = (dashboard: string) =>
  namedQueries()
    .filter((query) => query.dashboard === dashboard && 'panel' in query.place && query.language === 'promql')
    .map((query) => [placeOf(query), query] as const);

function chosen(expr: string): string {
  const variables = namedQueries().flatMap(({ place }) => ('variable' in place ? [[place.variable, '.*']] : []));
  return substituted(expr, {
    ...Object.fromEntries(variables),
    instance: instances.run,
    baseline: instances.baseline,
    before: '0s',
    __rate_interval: '15s',
    __interval: '1s',
    __range: '30s',
    __range_s: '30',
  });
}

/** Of applications and GPUs: a recording has none of them. */
const ofOthers = ['Energy of one call', 'Duration of decorated', 'Calls of decorated', 'Use of the GPU'];

test.each([...queriesOf('pipeline-latency-power'), ...queriesOf('run-comparison')])(
  '%s has data of a session that is being recorded',
  async (place, { expr, returns }) => {
    const isOfOthers = ofOthers.some((title) => place.startsWith(`run-comparison: ${title}`));
    const series = await prometheus.query(chosen(expr));

    expect(series.length > 0).toBe(!isOfOthers);
    if (isOfOthers) return;
    const results = series.map(({ labels, value }) => ({ labels, values: [value] }));
    expect(shapeFaults(results, returns)).toEqual([]);
    for (const { labels } of series) {
      if (labels.pair !== undefined) expect(labels.pair).toBe(pair);
      if (labels.simulated !== undefined) expect(labels.simulated).not.toBe('');
    }
  },
);
