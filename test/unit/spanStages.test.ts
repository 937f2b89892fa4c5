import type { StageEvent } from '@benchlab-otel/core';
import { spanStages } from '@benchlab-otel/enrichers';
import { startTelemetry } from '@benchlab-otel/node';
import { withSpan } from '@benchlab-otel/sdk';
import { trace } from '@opentelemetry/api';
import { expect, test } from 'vitest';

test('spans of a running SDK are stages: in order, on the clock of this process, of one frame a trace', async () => {
  const events: StageEvent[] = [];
  const stages = spanStages({ stages: [{ span: 'ingest', at: 'start', stage: 'ingress' }, { span: 'encode' }] });
  await stages.start({ stage: (event) => void events.push(event) });
  const telemetry = await startTelemetry({
    serviceName: 'pipeline',
    env: { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
    metricsPage: false,
    enrichers: [stages],
  });
  const beforeNs = Number(process.hrtime.bigint());
  let traceId: string | undefined;
  withSpan('ingest', () => {
    traceId = trace.getActiveSpan()?.spanContext().traceId;
    withSpan('encode', () => undefined);
    withSpan('other', () => undefined);
  });
  await telemetry.shutdown();
  const afterNs = Number(process.hrtime.bigint());

  const inOrder = events.toSorted((one, other) => one.timeNs - other.timeNs);
  expect(inOrder.map(({ stage, frameId }) => [stage, frameId])).toEqual([
    ['ingress', traceId],
    ['encode', traceId],
  ]);
  for (const { timeNs } of events) {
    expect(timeNs).toBeGreaterThanOrEqual(beforeNs);
    expect(timeNs).toBeLessThanOrEqual(afterNs);
  }
});
