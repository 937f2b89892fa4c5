import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTelemetry } from '@benchlab-otel/node';
import { logEvents } from '@benchlab-otel/presets';
import { eventFields, withSpan } from '@benchlab-otel/sdk';
import { trace } from '@opentelemetry/api';
import { expect, onTestFinished, test } from 'vitest';
import { until } from './process.ts';
import { startCollector } from './servers.ts';

interface OtlpLogs {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly { readonly logRecords: readonly OtlpLogRecord[] }[];
  }[];
}
interface OtlpLogRecord {
  readonly severityText: string;
  readonly body: { readonly stringValue: string };
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes?: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

test('a log line of a span arrives at the collector with the ids of the span and its event', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-logs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'logs.json');
  const collector = await startCollector({
    more: [`yaml:exporters::file::path: ${file}`, 'yaml:service::pipelines::logs::exporters: [file]'],
  });
  onTestFinished(collector.stop);
  const telemetry = await startTelemetry({
    serviceName: 'compiler',
    otlp: { endpoint: collector.otlpGrpc },
    metricsPage: false,
    log: { otlp: true, destination: { write: () => {} } },
    env: { OTEL_METRICS_EXPORTER: 'none' },
  });
  onTestFinished(async () => void (await telemetry.shutdown()));

  let ids: { traceId: string; spanId: string } | undefined;
  withSpan('compile', () => {
    ids = trace.getActiveSpan()?.spanContext();
    telemetry.logger.info(
      eventFields(logEvents.compileStart, { 'backend.name': 'cuda', 'toolchain.binary': 'nvcc' }),
      'Compiling',
    );
  });
  await telemetry.flush();

  const record = await until('the record in the file', async () => {
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as OtlpLogs).flatMap(records)[0];
  });
  expect(record).toMatchObject({ severityText: 'info', body: { stringValue: 'Compiling' } });
  expect([record.traceId, record.spanId]).toEqual([ids?.traceId, ids?.spanId]);
  const attributes = Object.fromEntries((record.attributes ?? []).map(({ key, value }) => [key, value.stringValue]));
  expect(attributes).toMatchObject({ event: 'compile.start', 'backend.name': 'cuda', 'toolchain.binary': 'nvcc' });
});

test('the event of a record is an attribute behind agent.yaml, so that verify.block is found in any store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-logs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'logs.json');
  const collector = await startCollector({
    more: [`yaml:exporters::file::path: ${file}`, 'yaml:service::pipelines::logs::exporters: [file]'],
  });
  onTestFinished(collector.stop);

  const event = { key: 'event', value: { stringValue: 'compile.end' } };
  const logRecords = [{ eventName: 'verify.block' }, { eventName: 'verify.block', attributes: [event] }, {}];
  const answer = await fetch(`${collector.otlpHttp}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  });

  expect(answer.status).toBe(200);
  const found = await until('the records in the file', async () => {
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as OtlpLogs).flatMap(records);
  });
  // What the sender set stays, and a record without an event gets none.
  expect(found.map(({ attributes = [] }) => attributes.map(({ value }) => value.stringValue))).toEqual([
    ['verify.block'],
    ['compile.end'],
    [],
  ]);
});

function records({ resourceLogs }: OtlpLogs): readonly OtlpLogRecord[] {
  return resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
}
