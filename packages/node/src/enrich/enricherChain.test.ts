import type { Attributes } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { atEnd, type Ended, spanRig } from './spanRig.suite.ts';

const rig = spanRig();
const { enrich, exported, turn } = rig;

describe('EnrichingSpanProcessor', () => {
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
      rig.tracer.startSpan('job').end();
      await turn();
    }

    expect(calls).toBe(5);
    expect(exported().map((span) => span.attributes)).toEqual(Array(8).fill({ fine: true }));
    expect(rig.reports).toHaveLength(2);
    expect(rig.reports[0]).toContain('broken');
    expect(rig.reports[1]).toContain('switched off');
  });

  it('switches off an enricher whose start throws, even if its end works', () => {
    let calls = 0;
    const spanStarted = () => {
      calls++;
      throw new Error('no');
    };
    enrich([{ name: 'broken', spanStarted, spanEnded: () => ({ fine: true }) }]);

    for (let k = 0; k < 8; k++) rig.tracer.startSpan('job').end();

    expect(calls).toBe(5);
  });

  it('switches off an enricher that never answers', async () => {
    let calls = 0;
    enrich([atEnd(() => new Promise(() => void calls++))], { maxHoldMs: 10 });

    for (let k = 0; k < 8; k++) {
      rig.tracer.startSpan('job').end();
      await rig.clock.advanceMs(10);
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
      rig.tracer.startSpan('job').end();
      await turn();
    }

    expect(calls).toBe(20);
  });

  it('does not let a start hook that is async reject into the application', async () => {
    const rejections: unknown[] = [];
    const listener = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', listener);
    enrich([{ name: 'async', spanStarted: () => Promise.reject(new Error('later')) as unknown as undefined }]);

    rig.tracer.startSpan('job').end();
    await turn();
    await turn();

    process.off('unhandledRejection', listener);
    expect(rejections).toEqual([]);
    expect(rig.reports[0]).toContain('later');
  });
});
