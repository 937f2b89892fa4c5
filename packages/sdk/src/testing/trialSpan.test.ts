import type { EndedSpan, Enricher, StartedSpan } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { SpanKind } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { trialSpan } from './trialSpan.ts';

test('an enricher sees the start and the end of a span by the clock, and its attributes are exported', async () => {
  const clock = new ManualClock(0);
  const seen: (StartedSpan | EndedSpan)[] = [];
  const enricher: Enricher = {
    name: 'duration',
    spanStarted: (span, _context, started) => {
      seen.push(started);
      span.setAttribute('started', span.isRecording()).setAttributes({ early: 1 });
    },
    spanEnded: (span) => {
      seen.push(span);
      return { 'duration.ms': (span.endNs - span.startNs) / 1e6 };
    },
  };
  const span = trialSpan(enricher, { name: 'checkout', clock });
  await clock.advanceMs(500);
  expect(await span.end({ items: 3 })).toEqual({ started: true, early: 1, 'duration.ms': 500, items: 3 });
  expect(seen[0]).toMatchObject({ name: 'checkout', kind: SpanKind.INTERNAL, startNs: 0 });
  expect(seen[0]).not.toHaveProperty('parentSpanId');
  expect(seen[1]).toMatchObject({ endNs: 500e6, uncertaintyNs: 0, attributes: { items: 3 } });
});

test('an attribute of the application wins, and an enricher without hooks adds nothing', async () => {
  const clock = new ManualClock();
  const enricher: Enricher = { name: 'pushy', spanEnded: async () => ({ tier: 'blue' }) };
  expect(await trialSpan(enricher, { name: 'x', clock }).end({ tier: 'gold' })).toEqual({ tier: 'gold' });
  expect(await trialSpan({ name: 'idle' }, { name: 'x', clock }).end()).toEqual({});
});

test('a child is in the trace of its parent', () => {
  const clock = new ManualClock();
  const parent = trialSpan({ name: 'idle' }, { name: 'parent', clock });
  const child = trialSpan({ name: 'idle' }, { name: 'child', clock, parent, kind: SpanKind.CLIENT });
  expect(child).toMatchObject({ traceId: parent.traceId, parentSpanId: parent.spanId, kind: SpanKind.CLIENT });
  expect(child.spanId).not.toBe(parent.spanId);
});

test('an enricher that throws is the error of its test', async () => {
  const enricher: Enricher = {
    name: 'broken',
    spanEnded: () => {
      throw new Error('no meter');
    },
  };
  await expect(trialSpan(enricher, { name: 'x', clock: new ManualClock() }).end()).rejects.toThrow('no meter');
});
