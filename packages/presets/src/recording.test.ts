import { judgingSpans } from '@benchlab-otel/core';
// Titles state what the program does; the `@ts-expect-error` lines state what the compiler refuses.

import { eventFields, recordMetric, withSpanOf } from '@benchlab-otel/sdk';
import { type InMemoryTelemetry, inMemoryTelemetry } from '@benchlab-otel/sdk/testing';
import { SpanKind } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clauseId, logEvents, metric, recordHealth, spans } from './index.ts';
import { pointsOf } from './testing/points.suite.ts';

let telemetry: InMemoryTelemetry;
beforeEach(() => {
  telemetry = inMemoryTelemetry();
});
afterEach(() => telemetry.shutdown());

test('a metric accepts its own labels; a wrong one is left out or replaced, and counted', async () => {
  recordMetric(metric.compileSuccess, 1, { backend: 'cuda', host_kind: 'offline', host_region: undefined });
  // @ts-expect-error a label of another metric
  recordMetric(metric.compileSuccess, 1, { backend: 'cuda', operator: 'matmul' });
  // @ts-expect-error a value outside the closed set
  recordMetric(metric.compileSuccess, 1, { backend: 'cuda', host_kind: 'mobile' });
  // @ts-expect-error a value of another type
  recordMetric(metric.compileSuccess, 1, { backend: 7 });
  // @ts-expect-error a metric without labels takes none
  recordMetric(metric.sidepanelSessionsActive, 1, { model: 'llama' });
  expect(await pointsOf(telemetry, 'compile.success')).toEqual({
    '{"backend":"cuda","host_kind":"offline"}': 1,
    '{"backend":"cuda"}': 1,
    '{"backend":"cuda","host_kind":"_OTHER"}': 1,
    '{}': 1,
  });
  expect(await pointsOf(telemetry, 'benchlab.record.faults')).toEqual({ '{"benchlab.record.fault":"attribute"}': 4 });
});

test('a token is one of a prompt or of a completion', async () => {
  recordMetric(metric.sidepanelVeniceTokens, 12, { type: 'prompt' });
  // @ts-expect-error neither a prompt nor a completion
  recordMetric(metric.sidepanelVeniceTokens, 1, { type: 'other' });
  expect(await pointsOf(telemetry, 'sidepanel.venice.tokens')).toEqual({
    '{"type":"prompt"}': 12,
    '{"type":"_OTHER"}': 1,
  });
});

test('a call of a model is a client span with the versions of the model and of its data', () => {
  withSpanOf(
    spans.llmCall,
    {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'venice',
      'gen_ai.request.model': 'llama-3.3-70b',
      'gen_ai.usage.input_tokens': 12,
      'model.version': '3.3',
      'dataset.version': '2025-11',
    },
    () => {},
  );
  // @ts-expect-error without the version of its data
  withSpanOf(spans.plannerCall, { 'model.version': '1' }, () => {});
  expect(telemetry.span('llm.call')).toMatchObject({
    kind: SpanKind.CLIENT,
    attributes: { 'gen_ai.usage.input_tokens': 12 },
  });
  expect(telemetry.diagnostics.join()).toContain("it has no 'dataset.version'");
});

test('a span of the pipeline has the id of the clause, and never its text', () => {
  const lowering = { 'backend.name': 'cuda', 'operator.name': 'matmul', 'clause.id': clauseId('shall') };
  withSpanOf(spans.codegenLower, lowering, () => {});
  // @ts-expect-error the text of a clause
  withSpanOf(spans.specParse, { 'host.kind': 'online', 'clause.text': 'shall' }, () => {});
  expect(telemetry.span('codegen.lower').attributes).toEqual(lowering);
  expect(telemetry.span('spec.parse').attributes).toEqual({ 'host.kind': 'online' });
});

test('the spans that need a provenance are those that are checked as they end', () => {
  const needy = Object.values(spans).filter(({ required }) =>
    (required as readonly string[]).includes('provenance.id'),
  );
  expect(needy.map(({ name }) => name).sort()).toEqual([...judgingSpans].sort());
});

test('a span that judges must name the span whose work it judges', () => {
  // @ts-expect-error without provenance
  withSpanOf(spans.verifyRun, { 'verify.tool': 'cbmc' }, () => {});
  // @ts-expect-error without provenance
  withSpanOf(spans.complianceEvidence, { 'evidence.kind': 'log' }, () => {});
  // @ts-expect-error without provenance
  withSpanOf(spans.reviewFeedback, {}, () => {});
  for (const name of ['verify.run', 'compliance.evidence', 'review.feedback']) {
    expect(telemetry.span(name).attributes).toMatchObject({ 'provenance.missing': true });
  }
});

test('a log event has its name and its fields', () => {
  expect(eventFields(logEvents.compileEnd, { 'backend.name': 'cuda', 'process.exit.code': 0 })).toEqual({
    event: 'compile.end',
    'backend.name': 'cuda',
    'process.exit.code': 0,
  });
  // @ts-expect-error without the exit code
  expect(eventFields(logEvents.compileEnd, { 'backend.name': 'cuda' })).not.toHaveProperty('process.exit.code');
  // @ts-expect-error a field that it does not have
  const withText = eventFields(logEvents.compileStart, { 'backend.name': 'a', 'toolchain.binary': 'b', text: 'x' });
  expect(withText).not.toHaveProperty('text');
});

test('a health check has one of three statuses', () => {
  // @ts-expect-error not a status
  expect(() => recordHealth('ok')).not.toThrow();
});
