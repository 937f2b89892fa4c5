import type { EndedSpan, Enricher } from '@benchlab-otel/core';
import { type Attributes, context, propagation, ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { registerTracing } from '../lifecycle/globals.ts';
import { atEnd, deferred, type Ended, keeping, spanRig } from './spanRig.suite.ts';

const rig = spanRig();
const { enrich, exported, attributesOfFirst, turn } = rig;

describe('EnrichingSpanProcessor', () => {
  it('passes spans on unchanged without enrichers', () => {
    enrich([]);

    const span = rig.tracer.startSpan('job', { attributes: { own: 1 } });
    span.end();

    expect(exported()[0]).toBe(span);
    expect(rig.processor.passed).toBe(1);
  });

  it('exports the attributes that an enricher returns at the end, and everything else of the span unchanged', () => {
    enrich([atEnd(() => ({ joules: 12.5 }))]);
    const parent = trace.setSpanContext(ROOT_CONTEXT, {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      traceFlags: TraceFlags.SAMPLED,
    });

    const span = rig.tracer.startSpan('job', { kind: SpanKind.CLIENT, attributes: { own: 1 } }, parent);
    span.addEvent('half').setStatus({ code: 2, message: 'broken' });
    span.end();

    const [copy] = exported();
    const original = span as unknown as ReadableSpan; // the SDK's spans are readable
    expect(copy?.attributes).toEqual({ own: 1, joules: 12.5 });
    for (const key of ['name', 'kind', 'status', 'events', 'links', 'startTime', 'endTime', 'duration'] as const) {
      expect(copy?.[key]).toEqual(original[key]);
    }
    expect(copy?.spanContext()).toEqual(span.spanContext());
    expect(copy?.parentSpanContext?.spanId).toBe('b'.repeat(16));
    expect(copy?.resource).toBe(original.resource);
  });

  it('lets attributes of the application win over those of enrichers, at the start and at the end', () => {
    enrich([
      {
        name: 'eager',
        spanStarted: (span) => span.setAttributes({ tenant: 'enricher', region: 'enricher' }),
        spanEnded: () => ({ tenant: 'enricher', late: 'enricher', cost: 'enricher' }),
      } as Enricher,
    ]);

    const span = rig.tracer.startSpan('job', { attributes: { tenant: 'app' } });
    span.setAttribute('late', 'app');
    span.end();

    expect(attributesOfFirst()).toEqual({ tenant: 'app', region: 'enricher', late: 'app', cost: 'enricher' });
  });

  it('merges enrichers in their order, whichever answers first', async () => {
    const first = deferred();
    enrich([atEnd(() => first.promise), atEnd(() => ({ who: 'second' }), 'second')]);

    rig.tracer.startSpan('job').end();
    first.resolve({ who: 'first', also: 1 });
    await turn();

    expect(attributesOfFirst()).toEqual({ who: 'second', also: 1 });
  });

  it('gives enrichers start and end on the monotonic clock, exact within the process', () => {
    const ends: EndedSpan[] = [];
    enrich([keeping(ends)]);
    const startNs = rig.clock.nowNs();

    rig.tracer.startSpan('job').updateName('renamed').end();

    expect(ends[0]).toMatchObject({ name: 'renamed', startNs, endNs: startNs, uncertaintyNs: 0 });
    expect(ends[0]).not.toHaveProperty('parentSpanId');
  });

  it('converts times that the application gave, with an uncertainty of a millisecond', () => {
    const ends: EndedSpan[] = [];
    enrich([keeping(ends)]);
    const nowNs = rig.clock.nowNs();
    const epochMs = Date.now();

    rig.tracer.startSpan('job', { startTime: epochMs - 5000 }).end(epochMs - 3000);

    const { startNs, endNs, uncertaintyNs } = ends[0]!;
    expect(uncertaintyNs).toBe(1e6);
    expect(Math.abs(startNs - (nowNs - 5e9))).toBeLessThan(1e9); // a slow machine between two clock reads
    expect(endNs - startNs).toBeCloseTo(2e9, -3);
  });

  it('names a local parent and leaves a remote one out', () => {
    const starts: (string | undefined)[] = [];
    enrich([{ name: 'test', spanStarted: (_span, _context, started) => void starts.push(started.parentSpanId) }]);
    const local = rig.tracer.startSpan('parent');
    const remote = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1, isRemote: true };

    rig.tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, local));
    rig.tracer.startSpan('child', {}, trace.setSpanContext(ROOT_CONTEXT, remote));

    expect(starts).toEqual([undefined, local.spanContext().spanId, undefined]);
  });

  it('drops values that an attribute cannot have', () => {
    enrich([atEnd(() => ({ good: 1, bad: { nested: true } }) as unknown as Attributes)]);

    rig.tracer.startSpan('job').end();

    expect(attributesOfFirst()).toEqual({ good: 1 });
  });

  it('copies what an enricher returns, which may be the same object for all spans', () => {
    const kept: Attributes = { 'kept.text': 'a', 'kept.list': ['a', 'b'] };
    enrich([atEnd(() => kept)]);
    rig.tracer.startSpan('first', { attributes: { 'first.own': 1 } }).end();
    rig.tracer.startSpan('second').end();

    expect(kept).toEqual({ 'kept.text': 'a', 'kept.list': ['a', 'b'] });
    expect(exported().map(({ attributes }) => attributes)).toEqual([{ 'first.own': 1, ...kept }, kept]);
    expect(exported()[0]?.attributes['kept.list']).not.toBe(kept['kept.list']);
  });

  it('skips unsampled spans', () => {
    let calls = 0;
    const count = () => void calls++;
    const recordOnly: Sampler = {
      shouldSample: () => ({ decision: SamplingDecision.RECORD }),
      toString: () => 'record',
    };
    for (const sampler of [new AlwaysOffSampler(), recordOnly]) {
      enrich([{ name: 'test', spanStarted: count, spanEnded: count as Ended }], {}, sampler);
      rig.tracer.startSpan('job').end();
    }

    expect(calls).toBe(0);
    expect(rig.processor.passed).toBe(0);
  });

  it('is not called for spans that a hook itself starts', () => {
    let calls = 0;
    const provider = new TracerProvider();
    registerTracing(provider, new W3CTraceContextPropagator()); // suppression is part of the context, which needs a context manager
    const spy = (): undefined => {
      calls++;
      rig.tracer.startSpan('inner').end();
    };
    enrich([{ name: 'traced', spanStarted: spy, spanEnded: spy }]);

    rig.tracer.startSpan('job').end();

    trace.disable();
    context.disable();
    propagation.disable();
    expect(calls).toBe(2);
    expect(exported()).toHaveLength(1);
  });

  it('shuts enrichers down once, also one that fails at it', async () => {
    const calls: string[] = [];
    const shutdown = (name: string) => async () => {
      calls.push(name);
      if (name === 'broken') throw new Error('stuck');
    };
    enrich(['broken', 'fine'].map((name) => ({ name, shutdown: shutdown(name) })));

    await rig.processor.shutdown();

    expect(calls).toEqual(['broken', 'fine']);
    expect(rig.reports).toEqual([expect.stringMatching(/enricher broken: it failed in shutdown\..* stuck$/)]);
  });
});
