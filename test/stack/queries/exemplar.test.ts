// From the point of a latency panel to the trace of the request behind it.

import { readFileSync } from 'node:fs';
import { startTelemetry } from '@benchlab-otel/node';
import { metric } from '@benchlab-otel/presets';
import { recordMetric, withSpan } from '@benchlab-otel/sdk';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { dashboards } from '../../../monitoring/src/dashboards.ts';
import { substituted } from '../../../monitoring/src/execution/chosen.ts';
import { panelsOf } from '../../../monitoring/src/lint.ts';
import { until } from '../process.ts';
import { startPrometheus } from '../prometheus.ts';
import { startCollector, startJaeger } from '../servers.ts';

interface Exemplars {
  readonly data: readonly { readonly exemplars: readonly { readonly labels: Readonly<Record<string, string>> }[] }[];
}

const provisioning = new URL('../../../monitoring/grafana/provisioning/datasources/benchlab.yaml', import.meta.url);

/** A panel with latencies of requests, and the query of it that asks for exemplars. */
const targets = Object.values(dashboards)
  .flatMap((build) => panelsOf(build()))
  .flatMap((panel) => (panel.targets ?? []) as readonly { readonly expr?: string; readonly exemplar?: boolean }[]);
const latency = targets.find(
  ({ expr, exemplar }) => exemplar === true && expr?.includes('bitnet_request_duration_seconds_bucket'),
);

test('the exemplar of a latency panel leads to its trace in Jaeger', async () => {
  expect(latency?.expr, 'the panel with exemplars of request latency').toContain('bitnet_request_duration_seconds');
  const jaeger = await startJaeger();
  onTestFinished(jaeger.stop);
  const collector = await startCollector({ tracesEndpoint: jaeger.otlpGrpc });
  onTestFinished(collector.stop);
  const prometheus = await startPrometheus();
  onTestFinished(prometheus.stop);
  const telemetry = await startTelemetry({
    serviceName: 'runtime',
    otlp: { endpoint: collector.otlpGrpc },
    metricsPage: { port: 0 },
    log: { level: 'silent' },
    env: {},
  });
  onTestFinished(async () => void (await telemetry.shutdown()));
  await prometheus.scrape({ primary: new URL(telemetry.metricsUrl ?? '').host });

  await withSpan('infer', async () => {
    recordMetric(metric.bitnetRequestDuration, 0.2, { implementation: 'rust' });
  });
  await telemetry.flush();

  const query = substituted(latency?.expr ?? '', {
    job: '.*',
    instance: '.*',
    node: '.*',
    implementation: '.*',
    primary: 'rust',
    __rate_interval: '40s',
    __range: '300s',
  });
  // The link of the panel takes the label that the data source names.
  const [destination] = parse(readFileSync(provisioning, 'utf8')).datasources[0].jsonData.exemplarTraceIdDestinations;
  const traceId = await until('an exemplar of the panel', async () => {
    const now = Date.now() / 1000;
    const period = { query, start: `${now - 300}`, end: `${now + 5}` };
    const response = await fetch(`${prometheus.url}/api/v1/query_exemplars?${new URLSearchParams(period)}`);
    const { data } = (await response.json()) as Exemplars;
    return data?.[0]?.exemplars[0]?.labels[destination.name];
  });
  const trace = await until('its trace in Jaeger', async () => {
    const response = await fetch(`${jaeger.url}/api/traces/${traceId}`);
    const { data } = (await response.json()) as {
      data: readonly { readonly spans: readonly { operationName: string }[] }[] | null;
    };
    return data?.[0]?.spans;
  });

  expect(traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(trace.map(({ operationName }) => operationName)).toEqual(['infer']);
});
