import type { EndedSpan, Enricher } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import {
  type Attributes,
  context,
  diag,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnrichingSpanProcessor, type EnrichingSpanProcessorOptions } from './enrichingSpanProcessor.ts';

type Ended = NonNullable<Enricher['spanEnded']>;

let clock: ManualClock;
let exporter: InMemorySpanExporter;
let processor: EnrichingSpanProcessor;
let tracer: Tracer;
let reports: string[];

beforeEach(() => {
  clock = new ManualClock();
  exporter = new InMemorySpanExporter();
  reports = [];
  const report = (...words: unknown[]) => reports.push(words.map(String).join(' '));
  const quiet = () => {};
  diag.setLogger({ error: report, warn: report, info: quiet, debug: quiet, verbose: quiet });
});

afterEach(async () => {
  await processor.shutdown();
  diag.disable();
});

function enrich(enrichers: Enricher[], options: Partial<EnrichingSpanProcessorOptions> = {}, sampler?: Sampler): void {
  processor = new EnrichingSpanProcessor(new SimpleSpanProcessor(exporter), { enrichers, clock, ...options });
  const provider = new NodeTracerProvider({ spanProcessors: [processor], ...(sampler && { sampler }) });
  tracer = provider.getTracer('test');
}

/** An enricher with this hook at the end. */
const atEnd = (spanEnded: Ended, name = 'test'): Enricher => ({ name, spanEnded });

/** An enricher that keeps the ended spans that it gets. */
const keeping = (ends: EndedSpan[]): Enricher =>
  atEnd((span) => {
    ends.push(span);
    return undefined;
  });

const exported = (): ReadableSpan[] => exporter.getFinishedSpans();
const attributesOfFirst = (): Attributes | undefined => exported()[0]?.attributes;

/** Lets all promises settle that can settle now. */
const turn = () => clock.advanceMs(0);

/** A promise, and the function that settles it. */
function deferred() {
  let resolve: (value: Attributes | undefined) => void = () => {};
  const promise = new Promise<Attributes | undefined>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('EnrichingSpanProcessor', () => {
  it('passes spans on unchanged without enrichers', () => {
    enrich([]);

    const span = tracer.startSpan('job', { attributes: { own: 1 } });
    span.end();

    expect(exported()[0]).toBe(span);
    expect(processor.passed).toBe(1);
  });

  it('exports the attributes that an enricher returns at the end, and everything else of the span unchanged', () => {
    enrich([atEnd(() => ({ joules: 12.5 }))]);
    const parent = trace.setSpanContext(ROOT_CONTEXT, {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      traceFlags: TraceFlags.SAMPLED,
    });

    const span = tracer.startSpan('job', { kind: SpanKind.CLIENT, attributes: { own: 1 } }, parent);
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

    const span = tracer.startSpan('job', { attributes: { tenant: 'app' } });
    span.setAttribute('late', 'app');
    span.end();

    expect(attributesOfFirst()).toEqual({ tenant: 'app', region: 'enricher', late: 'app', cost: 'enricher' });
  });

  it('merges enrichers in their order, whichever answers first', async () => {
    const first = deferred();
    enrich([atEnd(() => first.promise), atEnd(() => ({ who: 'second' }))]);

    tracer.startSpan('job').end();
    first.resolve({ who: 'first', also: 1 });
    await turn();

    expect(attributesOfFirst()).toEqual({ who: 'second', also: 1 });
  });

  it('gives enrichers start and end on the monotonic clock, exact within the process', () => {
    const ends: EndedSpan[] = [];
    enrich([keeping(ends)]);
    const startNs = clock.nowNs();

    tracer.startSpan('job').updateName('renamed').end();

    expect(ends[0]).toMatchObject({ name: 'renamed', startNs, endNs: startNs, uncertaintyNs: 0 });
    expect(ends[0]).not.toHaveProperty('parentSpanId');
  });

  it('converts times that the application gave, with an uncertainty of a millisecond', () => {
    const ends: EndedSpan[] = [];
    enrich([keeping(ends)]);
    const nowNs = clock.nowNs();
    const epochMs = Date.now();

    tracer.startSpan('job', { startTime: epochMs - 5000 }).end(epochMs - 3000);

    const { startNs, endNs, uncertaintyNs } = ends[0]!;
    expect(uncertaintyNs).toBe(1e6);
    expect(Math.abs(startNs - (nowNs - 5e9))).toBeLessThan(1e9); // a slow machine between two clock reads
    expect(endNs - startNs).toBeCloseTo(2e9, -3);
  });

  it('names a local parent and leaves a remote one out', () => {
    const starts: (string | undefined)[] = [];
    enrich([{ name: 'test', spanStarted: (_span, _context, started) => void starts.push(started.parentSpanId) }]);
    const local = tracer.startSpan('parent');
    const remote = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1, isRemote: true };

    tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, local));
    tracer.startSpan('child', {}, trace.setSpanContext(ROOT_CONTEXT, remote));

    expect(starts).toEqual([undefined, local.spanContext().spanId, undefined]);
  });

  it('holds a span until its promise settles', async () => {
    const answer = deferred();
    enrich([atEnd(() => answer.promise)]);

    tracer.startSpan('job').end();
    await clock.advanceMs(4999);
    expect(exported()).toHaveLength(0);
    answer.resolve({ joules: 1 });
    await turn();

    expect(attributesOfFirst()).toEqual({ joules: 1 });
    expect(clock.pending).toBe(0);
  });

  it('passes a span after the longest hold with the attributes of the others, and counts it', async () => {
    enrich([atEnd(() => new Promise(() => {})), atEnd(() => ({ other: true }))], { maxHoldMs: 200 });

    tracer.startSpan('job').end();
    await clock.advanceMs(199);
    expect(exported()).toHaveLength(0);
    await clock.advanceMs(1);

    expect(attributesOfFirst()).toEqual({ other: true });
    expect(processor.passedWithout).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('ignores an answer that comes after the span has left', async () => {
    const answer = deferred();
    enrich([atEnd(() => answer.promise)], { maxHoldMs: 200 });

    tracer.startSpan('job').end();
    await clock.advanceMs(200);
    answer.resolve({ joules: 1 });
    await turn();

    expect(exported()).toHaveLength(1);
    expect(attributesOfFirst()).toEqual({});
  });

  it('passes further spans without attributes when it holds as many as it may', async () => {
    enrich([atEnd(() => new Promise(() => {}))], { maxHeldSpans: 2 });

    for (let k = 0; k < 5; k++) tracer.startSpan('job').end();

    expect(exported()).toHaveLength(3);
    expect(processor.passedWithout).toBe(3);
  });

  it.each<[string, Ended]>([
    [
      'throws',
      () => {
        throw new Error('meter on fire');
      },
    ],
    ['rejects', () => Promise.reject(new Error('meter on fire'))],
    ['returns text', () => 'meter on fire' as unknown as Attributes],
    ['promises a list', () => Promise.resolve(['meter on fire'] as unknown as Attributes)],
  ])('hides an enricher that %s from the application, reports it once and switches it off', async (_what, hook) => {
    let calls = 0;
    const broken: Ended = (span) => {
      calls++;
      return hook(span);
    };
    enrich([atEnd(broken, 'broken'), atEnd(() => ({ fine: true }), 'fine')]);

    for (let k = 0; k < 8; k++) {
      tracer.startSpan('job').end();
      await turn();
    }

    expect(calls).toBe(5);
    expect(exported().map((span) => span.attributes)).toEqual(Array(8).fill({ fine: true }));
    expect(reports).toHaveLength(2);
    expect(reports[0]).toContain('broken');
    expect(reports[1]).toContain('switched off');
  });

  it('switches off an enricher whose start throws, even if its end works', () => {
    let calls = 0;
    const spanStarted = () => {
      calls++;
      throw new Error('no');
    };
    enrich([{ name: 'broken', spanStarted, spanEnded: () => ({ fine: true }) }]);

    for (let k = 0; k < 8; k++) tracer.startSpan('job').end();

    expect(calls).toBe(5);
  });

  it('switches off an enricher that never answers', async () => {
    let calls = 0;
    enrich([atEnd(() => new Promise(() => void calls++))], { maxHoldMs: 10 });

    for (let k = 0; k < 8; k++) {
      tracer.startSpan('job').end();
      await clock.advanceMs(10);
    }

    expect(calls).toBe(5);
    expect(exported()).toHaveLength(8);
  });

  it('does not switch off an enricher that fails less than five times in a row', async () => {
    let calls = 0;
    enrich([
      atEnd(async () => {
        if (++calls % 5 !== 0) throw new Error('busy');
        return { calls };
      }),
    ]);

    for (let k = 0; k < 20; k++) {
      tracer.startSpan('job').end();
      await turn();
    }

    expect(calls).toBe(20);
  });

  it('drops values that an attribute cannot have', () => {
    enrich([atEnd(() => ({ good: 1, bad: { nested: true } }) as unknown as Attributes)]);

    tracer.startSpan('job').end();

    expect(attributesOfFirst()).toEqual({ good: 1 });
  });

  it('copies what an enricher returns, which may be the same object for all spans', () => {
    const kept: Attributes = { 'kept.text': 'a', 'kept.list': ['a', 'b'] };
    enrich([atEnd(() => kept)]);
    tracer.startSpan('first', { attributes: { 'first.own': 1 } }).end();
    tracer.startSpan('second').end();

    expect(kept).toEqual({ 'kept.text': 'a', 'kept.list': ['a', 'b'] });
    expect(exported().map(({ attributes }) => attributes)).toEqual([{ 'first.own': 1, ...kept }, kept]);
    expect(exported()[0]?.attributes['kept.list']).not.toBe(kept['kept.list']);
  });

  it('does not let a start hook that is async reject into the application', async () => {
    const rejections: unknown[] = [];
    const listener = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', listener);
    enrich([{ name: 'async', spanStarted: () => Promise.reject(new Error('later')) as unknown as undefined }]);

    tracer.startSpan('job').end();
    await turn();
    await turn();

    process.off('unhandledRejection', listener);
    expect(rejections).toEqual([]);
    expect(reports[0]).toContain('later');
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
      tracer.startSpan('job').end();
    }

    expect(calls).toBe(0);
    expect(processor.passed).toBe(0);
  });

  it('is not called for spans that a hook itself starts', () => {
    let calls = 0;
    const provider = new NodeTracerProvider();
    provider.register(); // suppression is part of the context, which needs a context manager
    const spy = (): undefined => {
      calls++;
      tracer.startSpan('inner').end();
    };
    enrich([{ name: 'traced', spanStarted: spy, spanEnded: spy }]);

    tracer.startSpan('job').end();

    trace.disable();
    context.disable();
    propagation.disable();
    expect(calls).toBe(2);
    expect(exported()).toHaveLength(1);
  });

  it('waits for held spans when flushed', async () => {
    const answer = deferred();
    enrich([atEnd(() => answer.promise)]);
    tracer.startSpan('job').end();

    let isFlushed = false;
    const flushed = processor.forceFlush().then(() => {
      isFlushed = true;
    });
    await turn();
    expect(isFlushed).toBe(false);
    answer.resolve({ joules: 1 });
    await flushed;

    expect(attributesOfFirst()).toEqual({ joules: 1 });
  });

  it('shuts enrichers down once, also one that fails at it', async () => {
    const calls: string[] = [];
    const shutdown = (name: string) => async () => {
      calls.push(name);
      if (name === 'broken') throw new Error('stuck');
    };
    enrich(['broken', 'fine'].map((name) => ({ name, shutdown: shutdown(name) })));

    await processor.shutdown();

    expect(calls).toEqual(['broken', 'fine']);
    expect(reports).toEqual([expect.stringMatching(/enricher broken: it failed in shutdown\..* stuck$/)]);
  });

  it('passes held spans on when shut down, and accepts none afterwards', async () => {
    enrich([atEnd(() => new Promise(() => {}))]);
    const late = tracer.startSpan('late');
    tracer.startSpan('job').end();
    const seen: string[] = [];
    exporter.export = (spans, done) => {
      seen.push(...spans.map((span) => span.name));
      done({ code: 0 });
    };

    await processor.shutdown();
    late.end();

    expect(seen).toEqual(['job']);
    expect([processor.passed, processor.passedWithout, clock.pending]).toEqual([1, 1, 0]);
  });
});

describe('an enricher that answers later without a promise', () => {
  it('has its attributes on the span, which is held until then, and only its first answer counts', () => {
    let answer: (attributes: Attributes | undefined) => void = () => {};
    enrich([
      atEnd((_span, later) => {
        answer = later?.() ?? answer;
        return undefined;
      }),
      atEnd(() => ({ tier: 'gold' })),
    ]);

    tracer.startSpan('job').end();
    expect(exported()).toHaveLength(0);
    answer({ joules: 12.5 });
    answer({ joules: 99 });

    expect(exported().map(({ attributes }) => attributes)).toEqual([{ joules: 12.5, tier: 'gold' }]);
  });

  it('may answer at once, before the enrichers after it are asked', () => {
    enrich([
      atEnd((_span, later) => {
        later?.()({ joules: 1 });
        return undefined;
      }),
      atEnd(() => ({ tier: 'gold' })),
    ]);

    tracer.startSpan('job').end();

    expect(exported().map(({ attributes }) => attributes)).toEqual([{ joules: 1, tier: 'gold' }]);
  });

  it('that throws after it asked for more time holds nothing back', () => {
    enrich([
      atEnd((_span, later) => {
        later?.();
        throw new Error('no meter');
      }),
    ]);

    tracer.startSpan('job').end();

    expect(exported()).toHaveLength(1);
    expect(reports.join()).toContain('no meter');
  });

  it('that never answers loses the span at the end of the hold, and that counts as a failure', async () => {
    enrich([
      atEnd((_span, later) => {
        later?.();
        return undefined;
      }),
    ]);

    tracer.startSpan('job').end();
    await clock.advanceMs(5000);

    expect(exported()).toHaveLength(1);
    expect(processor.passedWithout).toBe(1);
    expect(reports.join()).toContain('it took too long');
  });
});
