import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { startLoad } from '../stack/chaos/load.ts';
import { shipped } from '../stack/configs.ts';
import { inRepository } from '../stack/deploy/checks.ts';
import { freePorts, installed, startServer, until } from '../stack/process.ts';
import { rulesFolder, startPrometheus } from '../stack/prometheus.ts';
import { startCollector } from '../stack/servers.ts';
import { answer, missingOf } from './answers.ts';
import { shippedFlags } from './flags.ts';
import { record } from './record.ts';
import { objectStore, startBlockStore, startThanosRing } from './thanos.ts';

/** Labels that a receiver adds. */
const added = ['tenant_id', 'receive_replica'];
const everything = '{__name__=~".+"}[10m]';
const partMs = 10_000;
const arrivalLimitMs = 60_000;

test('a receiver that is killed loses no point, and every query of a rule or panel gives what Prometheus gives', async () => {
  const ring = await startThanosRing();
  onTestFinished(() => ring.stop());
  const { remote_write: remoteWrite } = parse(readFileSync(shipped('scale/thanos/remote-write.yml'), 'utf8')) as {
    remote_write: readonly object[];
  };
  const prometheus = await startPrometheus({
    remoteWrite: remoteWrite.map((each) => ({ ...each, url: ring.remoteWriteUrl })),
  });
  onTestFinished(() => prometheus.stop());
  const collector = await startCollector({ metricsEndpoint: prometheus.otlpEndpoint });
  onTestFinished(() => collector.stop());
  const [nodePort, demoPort] = await freePorts(2);
  const node = await startServer({
    program: 'node_exporter',
    args: () => [`--web.listen-address=127.0.0.1:${nodePort}`, '--log.level=error'],
    readyUrl: `http://127.0.0.1:${nodePort}/metrics`,
  });
  onTestFinished(() => node.stop());
  // A program with spans on an emulated board.
  const demo = await startServer({
    program: process.execPath,
    args: () => [inRepository('packages/probe-cli/bin/benchlab-probe.mjs'), 'demo', '--metrics-port', `${demoPort}`],
    readyUrl: `http://127.0.0.1:${demoPort}/metrics`,
  });
  onTestFinished(() => demo.stop());
  await prometheus.scrape({
    'benchlab-probe': `127.0.0.1:${demoPort}`,
    collector: collector.telemetryTarget,
    node: `127.0.0.1:${nodePort}`,
    prometheus: new URL(prometheus.url).host,
  });
  const load = startLoad(new URL(collector.otlpHttp).host);
  onTestFinished(() => load.stop());
  const series = async (url: string, time: number) => answer(url, everything, time, url === ring.url ? added : []);
  await until('the first series in Thanos', async () => (await series(ring.url, now())).size > 100, arrivalLimitMs);
  const begun = now();

  await pause(partMs);
  await ring.kill(1);
  await pause(partMs);
  const whileAway = await missingPoints(series, prometheus.url, ring.url);
  await ring.start(1);
  await pause(partMs);
  const afterwards = await missingPoints(series, prometheus.url, ring.url);

  const { time } = afterwards;
  const differing: string[] = [];
  let answered = 0;
  const shippedQueries = [...ruleQueries(), ...panelQueries()];
  const queries = [...shippedQueries, ...shippedQueries.flatMap(withoutLimits)];
  for (const { name, query } of queries) {
    const [own, merged] = await Promise.all([
      answer(prometheus.url, query, time),
      answer(ring.url, query, time, added),
    ]);
    if (own.size > 0) answered++;
    if (own.size !== merged.size || missingOf(own, merged) > 0) differing.push(name);
  }

  record({
    'series, points': `${afterwards.series}, ${afterwards.points}, over ${(time - begun).toFixed(0)} s`,
    'missing in Thanos while one of three receivers was away': whileAway.missing,
    'missing in Thanos after its return': afterwards.missing,
    'queries of rules and panels': `${shippedQueries.length}; with their numbers taken out too: ${queries.length}, of which ${answered} have an answer here`,
    'that differ from Prometheus': differing.length === 0 ? 'none' : differing.join('; '),
  });
  expect(whileAway.missing).toBe(0);
  expect(afterwards.missing).toBe(0);
  expect(differing).toEqual([]);
});

test('the compactor makes one block of three copies, and the store gateway answers from it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-blocks-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const objstore = await objectStore(folder);
  const points = 120;
  // A day ago, from the beginning of a block: blocks of two hours begin at even hours.
  const start = 7200 * Math.floor(now() / 7200) - 24 * 3600;
  const lines = Array.from({ length: points }, (_, i) => `kept{job="a"} ${i} ${start + 30 * i}`);
  const page = join(folder, 'page.om');
  await writeFile(page, `# TYPE kept gauge\n${lines.join('\n')}\n# EOF\n`);
  const run = promisify(execFile);
  for (const replica of [0, 1, 2]) {
    const made = join(folder, `made-${replica}`);
    await run(installed('promtool'), ['tsdb', 'create-blocks-from', 'openmetrics', page, made]);
    const labels = [`--label=receive_replica="${replica}"`, '--label=tenant_id="default-tenant"'];
    const upload = ['tools', 'bucket', 'upload-blocks', `--objstore.config-file=${objstore}`, `--path=${made}`];
    await run(installed('thanos'), [...upload, ...labels]);
  }
  expect(await keptBlocks(folder)).toBe(3);
  const [port] = await freePorts(1);
  const others = {
    'data-dir': join(folder, 'compact'),
    'objstore.config-file': objstore,
    'http-address': `127.0.0.1:${port}`,
    // Once, and not for ever; and at once, without the half hour that slow uploads are given.
    wait: undefined,
  };
  const flags = shippedFlags('scale/thanos/compact.flags', others);
  await run(installed('thanos'), ['compact', ...flags, '--consistency-delay=0s', '--log.level=warn']);
  const blocks = await keptBlocks(folder);
  const store = await startBlockStore(folder, objstore);
  onTestFinished(() => store.stop());

  const found = await answer(store.url, 'kept[1h]', start + 3599, added);

  record({ 'blocks of three copies after the compactor': blocks });
  expect(blocks).toBe(1);
  expect([...found.values()].map((each) => each.length)).toEqual([points]);
});

/** Those that are not marked to be deleted. */
async function keptBlocks(folder: string): Promise<number> {
  const blocks = await readdir(join(folder, 'blocks'));
  const marked = blocks.filter((block) => existsSync(join(folder, 'blocks', block, 'deletion-mark.json')));
  return blocks.filter((block) => existsSync(join(folder, 'blocks', block, 'meta.json'))).length - marked.length;
}

interface Missing {
  readonly missing: number;
  readonly points: number;
  readonly series: number;
  readonly time: number;
}

/** What Prometheus has and Thanos lacks, once what is under way has arrived. */
async function missingPoints(
  ask: (url: string, time: number) => Promise<ReadonlyMap<string, readonly string[]>>,
  prometheus: string,
  thanos: string,
): Promise<Missing> {
  const time = now();
  const deadline = Date.now() + arrivalLimitMs;
  for (;;) {
    const [own, merged] = await Promise.all([ask(prometheus, time), ask(thanos, time)]);
    const missing = missingOf(own, merged);
    const points = [...own.values()].reduce((sum, each) => sum + each.length, 0);
    if (missing === 0 || Date.now() > deadline) return { missing, points, series: own.size, time };
    await pause(1000);
  }
}

function now(): number {
  return Date.now() / 1000;
}

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
}

function ruleQueries(): readonly { name: string; query: string }[] {
  return readdirSync(rulesFolder).flatMap((file) => {
    const { groups } = parse(readFileSync(join(rulesFolder, file), 'utf8')) as {
      groups: readonly { rules: readonly Rule[] }[];
    };
    return groups.flatMap(({ rules }) =>
      rules.map(({ alert, record: recorded, expr }) => ({ name: `${alert ?? recorded}`, query: expr })),
    );
  });
}

/** On a host where nothing is wrong most alerts have no answer: what they compare with numbers has one. */
function withoutLimits({ name, query }: { name: string; query: string }): { name: string; query: string }[] {
  const open = query.replaceAll(/(?:[<>]=?|[!=]=) *-?\d[\d.]*(?:e\d+)?\b/g, '>= -Inf');
  return open === query ? [] : [{ name: `${name} without its numbers`, query: open }];
}

/** With everything chosen, and a short time range. */
function panelQueries(): readonly { name: string; query: string }[] {
  const folder = new URL('../../monitoring/grafana/dashboards/', import.meta.url);
  return readdirSync(folder).flatMap((file) => {
    const { panels } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
      panels: readonly { title: string; targets?: readonly { refId: string; expr: string }[] }[];
    };
    return panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ refId, expr }) => ({
        name: `${file}: ${title} ${refId}`,
        query: expr
          .replaceAll('$__rate_interval', '10s')
          .replaceAll('$__range', '30s')
          .replaceAll(/"\$\w+"/g, '".*"'),
      })),
    );
  });
}
