import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { substituted } from '../../monitoring/src/execution/chosen.ts';
import { namedQueries } from '../../monitoring/src/queries.ts';
import { bin, startNode } from '../../packages/probe-cli/src/host/childProbe.suite.ts';
import { type RunningProbe, startProbe } from '../../packages/probe-cli/src/host/testHost.suite.ts';
import { freePorts, until } from './process.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';
import { placeOf } from './queries/places.ts';

// The dashboard Pipeline on what two real pipelines serve: `benchlab-probe cycle` with the toolchains of this host, and one whose
// compiler of C fails.

const example = fileURLToPath(new URL('../../examples/pipeline/kernels.yaml', import.meta.url));
/** Longer than the tests take. */
const cycle = ['cycle', example, '--for', '10m'];
/** Several cycles of a busy host. */
const window = '60s';
const choice = {
  job: '.*',
  instance: '.*',
  backend: '.*',
  __rate_interval: window,
  __interval: '1s',
  __range: window,
  __range_s: '60',
};
/** Queries that this host cannot answer, and why. */
const unanswered: Readonly<Record<string, string>> = {
  'Verification Blocks: events': 'log lines are in Loki, which the stack has not',
};

const queries = namedQueries().filter(({ dashboard, place }) => dashboard === 'pipeline' && 'panel' in place);
const isAnswered = ({ place }: (typeof queries)[number]) => !('title' in place && place.title in unanswered);
const answered = queries.filter(isAnswered).map((query) => [placeOf(query), query] as const);

const folder = mkdtempSync(join(tmpdir(), 'benchlab-pipeline-board-'));
const failingCompiler = join(folder, 'cc');
writeFileSync(
  failingCompiler,
  '#!/bin/sh\n[ "$1" = --version ] && { echo "cc 1"; exit; }\necho "no space" >&2\nexit 1\n',
);
chmodSync(failingCompiler, 0o755);

let whole: ReturnType<typeof startNode>;
let failing: RunningProbe;
let prometheus: Prometheus;
beforeAll(async () => {
  prometheus = await startPrometheus();
  const ports = await freePorts(2);
  const [page, otherPage] = ports.map((port) => ({ OTEL_EXPORTER_PROMETHEUS_PORT: String(port) }));
  whole = startNode([bin, ...cycle], page);
  failing = startProbe(cycle, {
    environment: { ...otherPage },
    findProgram: (name) => ({ node: process.execPath, cc: failingCompiler })[name],
  });
  const [services, other] = ports.map((port) => `127.0.0.1:${port}`);
  await prometheus.scrape({ services: services ?? '', 'benchlab-probe': other ?? '' });
  await until('both pages', async () => (await prometheus.query('sum(up) == 2')).length === 1);
}, 60_000);
afterAll(async () => {
  failing?.send('SIGTERM');
  whole?.child.kill('SIGTERM');
  await Promise.all([failing?.ended, whole?.ended]);
  await prometheus?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test.each(answered)(
  '%s has data of a real cycle',
  async (_, { expr, returns }) => {
    const expression = substituted(expr, choice);

    // A rate needs two scrapes, and a percentile a cycle that ended between them.
    const series = await until(
      `a number of ${expression}`,
      async () => (await prometheus.query(expression)).filter(({ value }) => Number.isFinite(value)),
      120_000,
    );

    const names = new Set(series.flatMap(({ labels }) => Object.keys(labels)));
    names.delete('__name__');
    expect(returns.labels).toEqual(expect.arrayContaining([...names]));
  },
  150_000,
);

test('what has no data here is a part of the dashboard', () => {
  const titles = queries.flatMap(({ place }) => ('title' in place ? [place.title] : []));
  expect(titles).toEqual(expect.arrayContaining(Object.keys(unanswered)));
});

test('the compiler that fails, and the backends that do not, differ in the series', async () => {
  const failures = await prometheus.query('sum by (job, backend, error_type) (compile_failure_total)');
  const blocks = await prometheus.query('max by (job) (verification_block_rate)');

  expect(failures.map(({ labels }) => labels)).toEqual([
    { job: 'benchlab-probe', backend: 'c', error_type: 'ToolExit' },
  ]);
  expect(blocks.map(({ value }) => value)).toEqual([0, 0]);
});
