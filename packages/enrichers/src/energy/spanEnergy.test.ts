import { unknownMeter } from '@benchlab-otel/analysis';
import { type Clock, type EndedSpan, SampleHistory, type Source, type StartedSpan } from '@benchlab-otel/core';
import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { spanEnergy } from './spanEnergy.ts';

const nsPerMs = 1e6;
const board: Source = { id: '53494D01', name: 'board', simulated: true, boundary: 'dc_rails', attributes: {} };

/** A bench that draws 100 W and is read every 50 ms of a time that the test moves by hand. */
function bench() {
  let nowMs = 0;
  let timers: { atMs: number; task: () => void }[] = [];
  const history = new SampleHistory();
  const clock: Clock = {
    nowNs: () => nowMs * nsPerMs,
    anchor: () => ({ timeNs: nowMs * nsPerMs, epochNs: 0n, uncertaintyNs: 0 }),
    at(timeNs, task) {
      const timer = { atMs: timeNs / nsPerMs, task };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
  const enricher = spanEnergy(history, { clock, meter: unknownMeter });
  return {
    history,
    pendingTimers: () => timers.length,
    advance(toMs: number, options: { sampling: boolean } = { sampling: true }) {
      for (nowMs += 1; nowMs <= toMs; nowMs++) {
        if (options.sampling && nowMs % 50 === 0) {
          history.sample({
            source: board,
            timeNs: nowMs * nsPerMs,
            uncertaintyNs: 0,
            readings: [],
            totals: { system: 100, cpu: 30 },
          });
        }
        for (const timer of timers.filter(({ atMs }) => atMs <= nowMs)) {
          timers = timers.filter((other) => other !== timer);
          timer.task();
        }
      }
      nowMs = toMs;
    },
    start: (span: StartedSpan) => enricher.spanStarted?.(trace.wrapSpanContext(nowhere), ROOT_CONTEXT, span),
    end: (span: EndedSpan) => Promise.resolve(enricher.spanEnded?.(span)),
  };
}

const nowhere = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 };

function span(spanId: string, startMs: number, endMs: number): EndedSpan {
  return {
    traceId: 't',
    spanId,
    name: 'work',
    kind: SpanKind.INTERNAL,
    startNs: startMs * nsPerMs,
    endNs: endMs * nsPerMs,
    uncertaintyNs: 0,
    attributes: {},
  };
}

describe('spanEnergy', () => {
  it('puts the measured energy on a span once the sample after its end has come', async () => {
    const { advance, start, end } = bench();
    advance(1000);
    start(span('a', 1000, 0));
    advance(1510);
    const energy = end(span('a', 1000, 1510));
    advance(1550);

    expect(await energy).toEqual({
      'benchlab.energy.boundary': 'dc_rails',
      'benchlab.energy.coverage': 1,
      'benchlab.energy.samples': 11,
      'benchlab.energy.source': '53494D01',
      'benchlab.simulated': true,
      'benchlab.energy.method': 'direct',
      'benchlab.energy.nature': 'simulated',
      'benchlab.energy.system.joules': expect.closeTo(51, 9),
      'benchlab.energy.system.self.joules': expect.closeTo(51, 9),
      'benchlab.energy.system.stderr': expect.closeTo(0, 5),
      'benchlab.energy.cpu.joules': expect.closeTo(15.3, 9),
      'benchlab.energy.cpu.self.joules': expect.closeTo(15.3, 9),
      'benchlab.energy.cpu.stderr': expect.closeTo(0, 5),
    });
  });

  it('gives up two periods after the end when the meter falls silent, and states what was covered', async () => {
    const { advance, start, end, pendingTimers } = bench();
    advance(1000);
    start(span('a', 900, 0));
    advance(1200, { sampling: false });
    const energy = end(span('a', 900, 1200));
    advance(1301, { sampling: false });

    const attributes = await energy;
    expect(attributes?.['benchlab.energy.coverage']).toBeCloseTo(1 / 3, 9);
    expect(attributes).not.toHaveProperty('benchlab.energy.system.joules');
    expect(pendingTimers()).toBe(0);
  });

  it('adds nothing where there is no meter', async () => {
    const { end, start } = bench();
    start(span('a', 0, 0));

    expect(await end(span('a', 0, 100))).toBeUndefined();
  });

  it('gives no joules to a span shorter than a sample period', async () => {
    const { advance, start, end } = bench();
    advance(1000);
    start(span('a', 1010, 0));
    const energy = end(span('a', 1010, 1020));
    advance(1100);

    expect(await energy).not.toHaveProperty('benchlab.energy.system.joules');
    expect(await energy).toHaveProperty('benchlab.energy.coverage', 1);
  });

  it('apportions between a span that ended and one that still runs', async () => {
    const { advance, start, end } = bench();
    advance(1000);
    start(span('a', 1000, 0));
    start(span('b', 1000, 0));
    advance(2000);
    const energy = end(span('a', 1000, 2000));
    advance(2050);

    expect(await energy).toMatchObject({
      'benchlab.energy.method': 'apportioned',
      'benchlab.energy.nature': 'simulated',
      'benchlab.energy.weights': 'equal',
      'benchlab.energy.system.joules': expect.closeTo(50, 6),
    });
  });

  it('of a span that ends twice is that of its first end', async () => {
    const { advance, start, end } = bench();
    advance(1000);
    start(span('a', 1000, 0));
    advance(1510);
    const first = end(span('a', 1000, 1510));
    const second = end(span('a', 1000, 1520));
    advance(1550);

    expect((await first)?.['benchlab.energy.system.joules']).toBeCloseTo(51, 9);
    expect(await second).toBeUndefined();
  });

  it('still counts a span that was measured before one that overlapped it', async () => {
    const { advance, start, end } = bench();
    advance(1000);
    start(span('a', 1000, 0));
    start(span('b', 1000, 0));
    advance(1500);
    const first = end(span('a', 1000, 1500));
    advance(2000);
    await first;
    const second = end(span('b', 1000, 2000));
    advance(2050);

    expect((await second)?.['benchlab.energy.system.joules']).toBeCloseTo(75, 6);
  });
});
