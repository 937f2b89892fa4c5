import type { Attributes } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { atEnd, deferred, spanRig } from './spanRig.suite.ts';

const rig = spanRig();
const { enrich, exported, attributesOfFirst, turn } = rig;

describe('EnrichingSpanProcessor', () => {
  it('holds a span until its promise settles', async () => {
    const answer = deferred();
    enrich([atEnd(() => answer.promise)]);

    rig.tracer.startSpan('job').end();
    await rig.clock.advanceMs(4999);
    expect(exported()).toHaveLength(0);
    answer.resolve({ joules: 1 });
    await turn();

    expect(attributesOfFirst()).toEqual({ joules: 1 });
    expect(rig.clock.pending).toBe(0);
  });

  it('passes a span after the longest hold with the attributes of the others, and counts it', async () => {
    enrich([atEnd(() => new Promise(() => {})), atEnd(() => ({ other: true }), 'other')], { maxHoldMs: 200 });

    rig.tracer.startSpan('job').end();
    await rig.clock.advanceMs(199);
    expect(exported()).toHaveLength(0);
    await rig.clock.advanceMs(1);

    expect(attributesOfFirst()).toEqual({ other: true });
    expect(rig.processor.passedWithout).toBe(1);
    expect(rig.clock.pending).toBe(0);
  });

  it('ignores an answer that comes after the span has left', async () => {
    const answer = deferred();
    enrich([atEnd(() => answer.promise)], { maxHoldMs: 200 });

    rig.tracer.startSpan('job').end();
    await rig.clock.advanceMs(200);
    answer.resolve({ joules: 1 });
    await turn();

    expect(exported()).toHaveLength(1);
    expect(attributesOfFirst()).toEqual({});
  });

  it('passes further spans without attributes when it holds as many as it may', async () => {
    enrich([atEnd(() => new Promise(() => {}))], { maxHeldSpans: 2 });

    for (let k = 0; k < 5; k++) rig.tracer.startSpan('job').end();

    expect(exported()).toHaveLength(3);
    expect(rig.processor.passedWithout).toBe(3);
  });

  it('waits for held spans when flushed', async () => {
    const answer = deferred();
    enrich([atEnd(() => answer.promise)]);
    rig.tracer.startSpan('job').end();

    let isFlushed = false;
    const flushed = rig.processor.forceFlush().then(() => {
      isFlushed = true;
    });
    await turn();
    expect(isFlushed).toBe(false);
    answer.resolve({ joules: 1 });
    await flushed;

    expect(attributesOfFirst()).toEqual({ joules: 1 });
  });

  it('passes held spans on when shut down, and accepts none afterwards', async () => {
    enrich([atEnd(() => new Promise(() => {}))]);
    const late = rig.tracer.startSpan('late');
    rig.tracer.startSpan('job').end();
    const seen: string[] = [];
    rig.exporter.export = (spans, done) => {
      seen.push(...spans.map((span) => span.name));
      done({ code: 0 });
    };

    await rig.processor.shutdown();
    late.end();

    expect(seen).toEqual(['job']);
    expect([rig.processor.passed, rig.processor.passedWithout, rig.clock.pending]).toEqual([1, 1, 0]);
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
      atEnd(() => ({ tier: 'gold' }), 'other'),
    ]);

    rig.tracer.startSpan('job').end();
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
      atEnd(() => ({ tier: 'gold' }), 'other'),
    ]);

    rig.tracer.startSpan('job').end();

    expect(exported().map(({ attributes }) => attributes)).toEqual([{ joules: 1, tier: 'gold' }]);
  });

  it('that throws after it asked for more time holds nothing back', () => {
    enrich([
      atEnd((_span, later) => {
        later?.();
        throw new Error('no meter');
      }),
    ]);

    rig.tracer.startSpan('job').end();

    expect(exported()).toHaveLength(1);
    expect(rig.reports.join()).toContain('no meter');
  });

  it('that never answers loses the span at the end of the hold, and that counts as a failure', async () => {
    enrich([
      atEnd((_span, later) => {
        later?.();
        return undefined;
      }),
    ]);

    rig.tracer.startSpan('job').end();
    await rig.clock.advanceMs(5000);

    expect(exported()).toHaveLength(1);
    expect(rig.processor.passedWithout).toBe(1);
    expect(rig.reports.join()).toContain('it took too long');
  });
});
