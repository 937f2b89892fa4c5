import { spawn } from 'node:child_process';
import type { MetricDefinition } from '@benchlab-otel/core';
import { emulateBoard } from '@benchlab-otel/emulator';
import { benchlabReceiver } from '@benchlab-otel/hw-receivers';
import { startTelemetry } from '@benchlab-otel/node';
import { withSpan } from '@benchlab-otel/sdk';
import { type Meter, metrics } from '@opentelemetry/api';
import { expect, onTestFinished, test } from 'vitest';
import { registry } from '../../monitoring/src/registry.ts';
import { installed, until } from './process.ts';
import { startPrometheus } from './prometheus.ts';

/** Names that someone else chose, and that the linter would have chosen otherwise. */
const accepted: readonly RegExp[] = [/^\S+_(ms|w) /, /^system_cpu_logical_count /];

test('Prometheus reads the metrics page of a service with a board without a finding', async () => {
  const board = await emulateBoard({ product: 'bl2', connectorFaults: ['FAULT_OCP_HPWR1'] });
  onTestFinished(() => board.close());
  const telemetry = await startTelemetry({
    serviceName: 'checkout',
    otlp: false,
    metricsPage: { port: 0 },
    receivers: [benchlabReceiver({ ports: [board.path] })],
    log: { level: 'silent' },
    env: {},
  });
  onTestFinished(async () => void (await telemetry.shutdown()));
  // What applications do, and the stock serializer gets wrong: labels that collide once escaped, and a label `le`.
  metrics
    .getMeter('shop')
    .createHistogram('checkout.duration', { unit: 's', description: 'Duration of a checkout.' })
    .record(0.2, { 'cart.size': 1, cart_size: 2, le: 'mine' });

  const page = await until('the rails on the page', async () => {
    const text = await (await fetch(telemetry.metricsUrl!)).text();
    return text.includes('hw_energy_joules_total') && text;
  });

  const { code, output } = await checkMetrics(page);
  const findings = output.split('\n').filter((line) => line !== '' && !accepted.some((name) => name.test(line)));
  expect(findings).toEqual([]);
  expect([0, 3]).toContain(code);
  expect(page).toContain('checkout_duration_seconds_bucket');
});

test('promtool finds nothing at the metrics of the registry, and Prometheus stores their exemplars', async () => {
  const telemetry = await startTelemetry({
    serviceName: 'checkout',
    otlp: false,
    metricsPage: { port: 0 },
    log: { level: 'silent' },
    env: {},
  });
  onTestFinished(async () => void (await telemetry.shutdown()));
  const meter = metrics.getMeter('registry');
  let traceId = '';
  withSpan('record', (span) => {
    ({ traceId } = span.spanContext());
    for (const definition of registry.metrics) recordOnce(meter, definition);
  });

  const { code, output } = await checkMetrics(await (await fetch(telemetry.metricsUrl!)).text());
  expect(output.split('\n').filter((line) => line !== '' && !accepted.some((name) => name.test(line)))).toEqual([]);
  expect([0, 3]).toContain(code);

  const prometheus = await startPrometheus();
  onTestFinished(() => prometheus.stop());
  await prometheus.scrape({ services: new URL(telemetry.metricsUrl!).host });
  const now = Date.now() / 1000;
  const range = { start: String(now - 60), end: String(now + 60) };
  for (const query of ['benchlab_calls_total', 'benchlab_call_duration_seconds_bucket']) {
    const exemplars = await until(`exemplars of ${query}`, async () => {
      const answer = await fetch(
        `${prometheus.url}/api/v1/query_exemplars?${new URLSearchParams({ query, ...range })}`,
      );
      return ((await answer.json()) as { data: { exemplars: { labels: object }[] }[] }).data[0]?.exemplars;
    });
    expect(exemplars[0]?.labels).toMatchObject({ trace_id: traceId });
  }
});

test('promtool refuses what Prometheus could not scrape', async () => {
  const { code } = await checkMetrics('a{x="1",x="2"} 1\n');

  expect(code).toBe(1);
});

function recordOnce(meter: Meter, { name, unit, description, instrument }: MetricDefinition): void {
  const options = { unit, description };
  if (instrument === 'counter') meter.createCounter(name, options).add(1);
  if (instrument === 'updowncounter') meter.createUpDownCounter(name, options).add(1);
  if (instrument === 'gauge') meter.createGauge(name, options).record(1);
  if (instrument === 'histogram') meter.createHistogram(name, options).record(1);
}

async function checkMetrics(page: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(installed('promtool'), ['check', 'metrics'], { stdio: 'pipe', timeout: 20_000 });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  child.stdin.end(page);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}
