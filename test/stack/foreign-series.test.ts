import { readFileSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { goParts } from '../../scripts/stack-parts.mjs';
import { entriesOfPage, type ForeignEntry } from './foreignSeries.ts';
import { freePorts, startServer, until } from './process.ts';
import { startPrometheus } from './prometheus.ts';
import { published } from './publishedSeries.ts';
import { startAlertmanager, startCollector } from './servers.ts';

// What `benchlab-probe lint rules` knows of the series of other programs. After a change of their versions:
//   UPDATE_FOREIGN_SERIES=1 npx vitest run --project stack test/stack/foreign-series.test.ts && npx biome check --write monitoring
const path = new URL('../../monitoring/foreign-series.json', import.meta.url);

interface Listed {
  readonly targetLabels: readonly string[];
  readonly programs: readonly {
    readonly program: string;
    readonly version: string;
    readonly series: readonly ForeignEntry[];
  }[];
}

/** Labels that targets/*.yml and prometheus.yml give. */
const targetLabels = ['implementation', 'tier', 'host_name'];

test('monitoring/foreign-series.json lists what the real servers serve', async () => {
  const served = [
    { program: 'prometheus', version: versionOf('prometheus'), series: await prometheusPage() },
    { program: 'alertmanager', version: versionOf('alertmanager'), series: await alertmanagerPage() },
    { program: 'node_exporter', version: versionOf('node_exporter'), series: await nodeExporterPage() },
    { program: 'benchlab-otelcol', version: versionOf('collector'), series: await collectorPage() },
  ];
  if (process.env.UPDATE_FOREIGN_SERIES === '1') {
    writeFileSync(path, `${JSON.stringify({ targetLabels, programs: [...served, ...published] }, null, 2)}\n`);
  }
  const listed = JSON.parse(readFileSync(path, 'utf8')) as Listed;

  expect(listed.targetLabels).toEqual(targetLabels);
  expect(listed.programs.map(({ program, version }) => `${program} ${version}`)).toEqual(
    [...served, ...published].map(({ program, version }) => `${program} ${version}`),
  );
  for (const { program, series } of served) {
    const known = listed.programs.find((each) => each.program === program)?.series ?? [];
    // Another machine has other devices: what both have must agree.
    const both = series.filter(({ name }) => known.some((each) => each.name === name));
    expect(both.length, program).toBeGreaterThan(20);
    for (const { name, type } of both) {
      expect(known.find((each) => each.name === name)?.type, name).toBe(type);
    }
    // Hardware differs, and with it the labels of node_exporter; what the other programs serve is the same everywhere.
    if (program === 'node_exporter') continue;
    for (const { name, labels } of both) {
      const listedLabels = known.find((each) => each.name === name)?.labels ?? [];
      expect(
        labels.filter((label) => !listedLabels.includes(label)),
        `${program} ${name}`,
      ).toEqual([]);
    }
  }
});

function versionOf(part: string): string {
  const version = goParts.find(({ name }) => name === part)?.version;
  if (version === undefined) throw new Error(`No part ${part}.`);
  return version;
}

async function pageOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

/** After its rules have run, and after it has failed to notify an Alertmanager that is away. */
async function prometheusPage(): Promise<readonly ForeignEntry[]> {
  const prometheus = await startPrometheus({ alertmanagers: ['127.0.0.1:1'] });
  onTestFinished(prometheus.stop);
  return until('a rule group and a failed notification', async () => {
    const page = await pageOf(`${prometheus.url}/metrics`);
    const isComplete = /rule_group_last_duration_seconds\{/.test(page) && /notifications_errors_total\{/.test(page);
    // Series of stored samples are there once the first one is stored.
    if (!/tsdb_head_samples_appended_total\{/.test(page)) return false;
    return isComplete && entriesOfPage(page);
  });
}

/** With a cluster of its own, so that the series of a cluster are there. */
async function alertmanagerPage(): Promise<readonly ForeignEntry[]> {
  const [port] = await freePorts(1);
  const alertmanager = await startAlertmanager('route:\n  receiver: none\nreceivers:\n  - name: none\n', {
    cluster: { listen: `127.0.0.1:${port}`, peers: [] },
  });
  onTestFinished(alertmanager.stop);
  return entriesOfPage(await pageOf(`${alertmanager.url}/metrics`));
}

async function nodeExporterPage(): Promise<readonly ForeignEntry[]> {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}/metrics`;
  const server = await startServer({
    program: 'node_exporter',
    args: () => [`--web.listen-address=127.0.0.1:${port}`, '--log.level=error'],
    readyUrl: url,
  });
  onTestFinished(server.stop);
  return entriesOfPage(await pageOf(url));
}

/** A collector that fails at everything: nothing takes its data, and its queues have room for nothing. */
async function collectorPage(): Promise<readonly ForeignEntry[]> {
  const failing = [
    'yaml:exporters::otlp_grpc/traces::retry_on_failure::enabled: false',
    'yaml:exporters::otlp_http/metrics::sending_queue::queue_size: 1',
    'yaml:exporters::otlp_http/metrics::sending_queue::batch: null',
  ];
  const collector = await startCollector({ more: failing });
  onTestFinished(collector.stop);
  const post = (signal: string, body: object) =>
    fetch(`${collector.otlpHttp}/v1/${signal}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const time = `${Date.now()}000000`;
  const span = {
    traceId: '1'.repeat(32),
    spanId: '2'.repeat(16),
    name: 'a',
    startTimeUnixNano: time,
    endTimeUnixNano: time,
  };
  const point = { name: 'a', gauge: { dataPoints: [{ asDouble: 1, timeUnixNano: time }] } };
  const page = await until('a failed export and a refused point', async () => {
    await post('traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
    await post('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [point] }] }] });
    const text = await pageOf(`http://${collector.telemetryTarget}/metrics`);
    return /send_failed_spans/.test(text) && /enqueue_failed_metric_points/.test(text) && text;
  });
  return withAllSignals(entriesOfPage(page));
}

/** Failures have a series for each signal. The names differ in the signal alone; each is there once that signal has failed. */
function withAllSignals(series: readonly ForeignEntry[]): readonly ForeignEntry[] {
  const signals = ['spans', 'metric_points', 'log_records'];
  const pattern = /_(spans|metric_points|log_records)_total$/;
  const more = series
    .filter(({ name }) => pattern.test(name))
    .flatMap((each) => signals.map((signal) => ({ ...each, name: each.name.replace(pattern, `_${signal}_total`) })));
  const byName = new Map([...more, ...series].map((each) => [each.name, each]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
