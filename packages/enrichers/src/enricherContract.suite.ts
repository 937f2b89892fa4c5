import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type EndedSpan,
  type EnrichedSignal,
  isObject,
  attributes as registry,
  type StartedSpan,
} from '@benchlab-otel/core';
import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { expect } from 'vitest';
import { EnricherBench, holdMs, type MakeEnricher } from './enricherBench.suite.ts';

type Rule = (make: MakeEnricher) => Promise<void>;

/** What every enricher must do, by sentences that follow its name. Each throws where the enricher does not. */
export const enricherContract: Readonly<Record<string, Rule>> = {
  async 'adds only attributes that the registry knows, with their types and values'(make) {
    const bench = new EnricherBench(make);
    await bench.life();
    for (const [name, value] of Object.entries(bench.added)) {
      const known = registry.find((attribute) => attribute.name === name);
      expect(known?.name, `${name} is not in the registry of packages/core`).toBe(name);
      expect(typeOf(value), `the type of ${name}`).toBe(known?.type === 'int' ? 'number' : known?.type);
      if (known?.type === 'int') expect(Number.isInteger(value), `${name} is ${value}, not a whole number`).toBe(true);
      if (known?.values) expect(known.values, `the values of ${name}`).toContain(value);
    }
    await bench.stop();
  },

  async 'leaves the attributes alone that the application gave'(make) {
    const first = new EnricherBench(make);
    await first.life();
    await first.stop();
    const given = Object.fromEntries(Object.keys(first.added).map((name) => [name, 'of the application']));
    const bench = new EnricherBench(make);
    await bench.meter();
    await bench.signals(given);
    const span = bench.start(given);
    expect(span.attributes).toEqual(given);
    await bench.clock.advanceMs(200);
    bench.end(span);
    await bench.answers();
    expect(span.attributes).toEqual(given);
    await bench.stop();
  },

  async 'never throws, whichever form spans and signals have'(make) {
    const bench = new EnricherBench(make);
    await bench.meter();
    const { enricher, clock } = bench;
    for (const span of oddSpans) {
      enricher.spanStarted?.(trace.wrapSpanContext({ ...span, traceFlags: 1 }), ROOT_CONTEXT, span);
      // Ended twice, and once without a start.
      for (const spanId of [span.spanId, span.spanId, `${span.spanId} unknown`]) bench.ended({ ...span, spanId });
      await clock.advanceMs(10);
    }
    for (const signal of oddSignals) expect(isObject(enricher.fields?.(signal) ?? {})).toBe(true);
    expect(isObject((await enricher.resource?.()) ?? {})).toBe(true);
    for (const answer of await bench.answers()) expect(isObject(answer)).toBe(true);
    for (const { value } of enricher.counts?.() ?? []) expect(value).toBeGreaterThanOrEqual(0);
    await bench.stop();
  },

  async 'answers every ended span in time, with a meter, without one, while it is silent and when it is lost'(make) {
    const bench = new EnricherBench(make);
    bench.end(bench.start());
    await bench.answers();
    const meter = await bench.meter();
    await bench.clock.advanceMs(1_000);
    bench.end(bench.start());
    await bench.answers();
    bench.isSilent = true;
    bench.end(bench.start());
    await bench.answers();
    bench.isSilent = false;
    await bench.clock.advanceMs(1_000);
    // One never ends, one ends before the loss, and one after it.
    bench.start();
    bench.end(bench.start());
    meter.unplug();
    bench.end(bench.start());
    await bench.answers();
    await bench.stop();
  },

  async 'holds a bounded number of spans, ended or not'(make) {
    const bench = new EnricherBench(make);
    await bench.meter();
    await bench.clock.advanceMs(1_000);
    // More than the bounds of the enrichers, so that these are reached before the memory is measured.
    await manySpans(bench, 'a', spansToFill);
    // A map that loses and gains entries changes its size now and then; what keeps spans grows each time.
    const growths: number[] = [];
    for (const prefix of ['b', 'c', 'd']) {
      const before = heapBytes();
      await manySpans(bench, prefix, spansMore);
      growths.push((heapBytes() - before) / spansMore);
    }
    expect(Math.min(...growths), 'bytes kept of each further span').toBeLessThan(leakBytes);
    await bench.stop();
  },

  async 'leaves no timer, listener or handle after its last span'(make) {
    const handles = process.getActiveResourcesInfo().length;
    const listeners = processListeners();
    const bench = new EnricherBench(make);
    await bench.life();
    await bench.stop();
    expect(bench.clock.pending, 'timers of the clock').toBe(0);
    expect(bench.listeners, 'listeners on the samples').toBe(0);
    expect(processListeners(), 'listeners on the process').toBe(listeners);
    expect(process.getActiveResourcesInfo().length, 'active handles').toBeLessThanOrEqual(handles);
  },
};

const spansToFill = 36_000;
const spansMore = 15_000;
/** An id that is kept takes more than this, and noise of the collector less. */
const leakBytes = 16;

async function manySpans({ enricher, clock }: EnricherBench, prefix: string, count: number): Promise<void> {
  for (let k = 0; k < count; k++) {
    const span = { ...usual, spanId: `${prefix}${String(k).padStart(15, '0')}`, startNs: clock.nowNs() };
    enricher.spanStarted?.(trace.wrapSpanContext({ ...span, traceFlags: 1 }), ROOT_CONTEXT, span);
    // One of two spans ends.
    if (k % 2 === 0) void enricher.spanEnded?.({ ...usual, ...span, endNs: clock.nowNs() });
    if (k % 6_000 === 0) await clock.advanceMs(200);
  }
  await clock.advanceMs(holdMs);
}

const usual: EndedSpan = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'work',
  kind: SpanKind.INTERNAL,
  startNs: 1e9,
  endNs: 1.2e9,
  uncertaintyNs: 0,
  attributes: {},
};
const oddAttributes = { empty: '', list: [1, 2], long: 'x'.repeat(100_000), nan: Number.NaN, absent: undefined };
const oddSpans: readonly (EndedSpan & StartedSpan)[] = [
  usual,
  { ...usual, spanId: '' },
  { ...usual, spanId: 'c', name: '' },
  { ...usual, spanId: 'd', name: 'x'.repeat(100_000) },
  { ...usual, spanId: 'e', parentSpanId: 'e' },
  { ...usual, spanId: 'f', parentSpanId: 'never seen' },
  { ...usual, spanId: 'g', startNs: Number.NaN },
  { ...usual, spanId: 'h', endNs: Number.NaN },
  { ...usual, spanId: 'i', endNs: 0 },
  { ...usual, spanId: 'j', startNs: -1e9 },
  { ...usual, spanId: 'k', endNs: 1e18 },
  { ...usual, spanId: 'l', endNs: Number.POSITIVE_INFINITY },
  { ...usual, spanId: 'm', uncertaintyNs: Number.NaN },
  { ...usual, spanId: 'n', attributes: oddAttributes },
  { ...usual, spanId: '__proto__', name: '__proto__' },
];
const oddSignals: readonly EnrichedSignal[] = (['span', 'log', 'event', 'metric'] as const).flatMap((kind) => [
  { kind, name: '', attributes: {} },
  { kind, name: '__proto__', attributes: oddAttributes },
]);

function typeOf(value: unknown): string {
  return Array.isArray(value) ? `${typeof value[0] === 'number' ? 'int' : typeof value[0]}[]` : typeof value;
}

function processListeners(): number {
  return process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
}

/** Bytes in use after a collection. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
