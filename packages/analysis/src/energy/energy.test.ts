import { SampleHistory, type Source } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { type MeasurableSpan, measureSpans } from './measureSpans.ts';

const nsPerMs = 1e6;
const board: Source = { id: 'U1', name: 'board', simulated: false, boundary: 'dc_rails', attributes: {} };

/** A history that sampled `power` (watts at a time in ms) at a period and phase, in ms. */
function sampled(power: (ms: number) => number, untilMs: number, periodMs: number, phaseMs = 0): SampleHistory {
  const history = new SampleHistory();
  for (let ms = phaseMs; ms <= untilMs; ms += periodMs) {
    history.sample({
      source: board,
      timeNs: ms * nsPerMs,
      uncertaintyNs: 0,
      readings: [],
      totals: { system: power(ms) },
    });
  }
  return history;
}

function span(startMs: number, endMs: number, more: Partial<MeasurableSpan> = {}): MeasurableSpan {
  return {
    spanId: `${startMs}-${endMs}`,
    startNs: startMs * nsPerMs,
    endNs: endMs * nsPerMs,
    uncertaintyNs: 0,
    ...more,
  };
}

/** 60 W, and 300 W from 1000 ms on for `durationMs`. */
const pulse = (durationMs: number) => (ms: number) => (ms >= 1000 && ms < 1000 + durationMs ? 300 : 60);

// A fixed sequence instead of Math.random, so that a failure can be repeated (mulberry32).
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('energy of one operation', () => {
  it('is power times duration under a steady load, without error, wherever the edges fall', () => {
    const history = sampled(() => 100, 5000, 50);

    const [energy] = measureSpans([span(1013, 2027)], history);

    expect(energy?.roles.system?.joules).toBeCloseTo(101.4, 9);
    expect(energy?.roles.system?.stderr).toBeCloseTo(0, 5);
    expect(energy?.roles.system?.stderr).toBeGreaterThan(0);
    expect(energy).toMatchObject({ method: 'direct', nature: 'measured', coverage: 1, resolved: true, samples: 20 });
  });

  it('has no bias over random sampling phases, and the standard error it states', () => {
    const next = random(1);
    const truth = 300 * 0.5;
    const errors: number[] = [];
    let stated = 0;
    let within = 0;
    const runs = 1000;
    for (let run = 0; run < runs; run++) {
      const history = sampled(pulse(500), 3000, 50, next() * 50);
      const system = measureSpans([span(1000, 1500)], history)[0]?.roles.system;
      if (!system) throw new Error('not measured');
      errors.push(system.joules - truth);
      stated += system.stderr / runs;
      if (Math.abs(system.joules - truth) <= 1.96 * system.stderr) within++;
    }
    const mean = errors.reduce((a, b) => a + b, 0) / runs;
    const deviation = Math.sqrt(errors.reduce((a, b) => a + (b - mean) ** 2, 0) / runs);

    expect(Math.abs(mean)).toBeLessThan(0.002 * truth);
    // 0.41 · (A − I) · T = 0.41 · 240 W · 0.05 s
    expect(stated).toBeCloseTo(0.408 * 240 * 0.05, 1);
    expect(deviation).toBeLessThan(1.05 * stated);
    expect(within / runs).toBeGreaterThanOrEqual(0.93);
  });

  it('states an error that holds when power moves inside the operation', () => {
    const next = random(11);
    let within = 0;
    let falselySure = 0;
    const runs = 300;
    for (let run = 0; run < runs; run++) {
      // Steps between 60 and 300 W every 0.2 s on average, all the time; the truth by summing every 0.1 ms.
      const steps: { ms: number; watts: number }[] = [{ ms: 0, watts: 60 }];
      for (let ms = 0; ms < 4000; ) {
        ms += -200 * Math.log(1 - next());
        steps.push({ ms, watts: next() < 0.5 ? 60 : 300 });
      }
      const power = (ms: number) => steps.findLast((step) => step.ms <= ms)?.watts ?? 60;
      const history = sampled(power, 4000, 50, next() * 50);
      let truth = 0;
      for (let ms = 1000; ms < 3000; ms += 1) truth += power(ms + 0.5) / 1000;
      const system = measureSpans([span(1000, 3000)], history)[0]?.roles.system;
      if (!system) throw new Error('not measured');
      if (Math.abs(system.joules - truth) <= 1.96 * system.stderr) within++;
      if (system.stderr === 0 && Math.abs(system.joules - truth) > 1) falselySure++;
    }

    expect(within / runs).toBeGreaterThanOrEqual(0.9);
    expect(falselySure).toBeLessThanOrEqual(0.02 * runs);
  });

  it('grows its error with the uncertainty of the clocks', () => {
    const history = sampled(pulse(500), 3000, 50, 7);
    const sure = measureSpans([span(1000, 1500)], history)[0]?.roles.system?.stderr ?? 0;
    const unsure =
      measureSpans([span(1000, 1500, { uncertaintyNs: 20 * nsPerMs })], history)[0]?.roles.system?.stderr ?? 0;

    // sqrt(2) · 240 W · 20 ms, in quadrature
    expect(Math.sqrt(unsure ** 2 - sure ** 2)).toBeCloseTo(Math.SQRT2 * 240 * 0.02, 6);
  });

  it('is absent where a gap leaves less than 95 % covered', () => {
    const history = new SampleHistory();
    for (const ms of [0, 50, 100, 150, 200, 250, 900, 950, 1000, 1050]) {
      history.sample({ source: board, timeNs: ms * nsPerMs, uncertaintyNs: 0, readings: [], totals: { system: 100 } });
    }

    const [energy] = measureSpans([span(100, 1000)], history);

    expect(energy?.coverage).toBeCloseTo(250 / 900, 9);
    expect(energy?.roles).toEqual({});
  });

  it('is absent before the first and after the last sample', () => {
    const history = sampled(() => 100, 1000, 50);

    expect(measureSpans([span(2000, 3000)], history)).toEqual([undefined]);
    expect(measureSpans([span(900, 3000)], history)[0]?.roles).toEqual({});
    expect(measureSpans([span(1, 2)], new SampleHistory())).toEqual([undefined]);
  });

  it('keeps the sign of negative power', () => {
    const history = sampled(() => -0.5, 2000, 50);

    expect(measureSpans([span(500, 1500)], history)[0]?.roles.system?.joules).toBeCloseTo(-0.5, 9);
  });

  it('does not resolve an operation that no sample fell into', () => {
    const history = sampled(() => 100, 2000, 50);

    expect(measureSpans([span(1010, 1020)], history)[0]?.resolved).toBe(false);
  });

  it('is marked as simulated where the meter is', () => {
    const history = new SampleHistory();
    const simulated = { ...board, simulated: true };
    for (let ms = 0; ms < 1000; ms += 50) {
      history.sample({
        source: simulated,
        timeNs: ms * nsPerMs,
        uncertaintyNs: 0,
        readings: [],
        totals: { system: 1 },
      });
    }

    expect(measureSpans([span(100, 500)], history)[0]?.nature).toBe('simulated');
  });
});

describe('energy of operations that overlap', () => {
  it('adds up to what the meter measured, over random overlaps', () => {
    const next = random(7);
    for (let run = 0; run < 50; run++) {
      const power = Array.from({ length: 100 }, () => 400 * next() - 20);
      const history = sampled((ms) => power[Math.round(ms / 50)] ?? 0, 4950, 50);
      // One after another without a pause, and a second lane that overlaps at random.
      const cuts = [500, 900, 1400, 2200, 3100, 4000];
      const lane = cuts.slice(1).map((end, k) => span(cuts[k] ?? 0, end, { spanId: `a${k}` }));
      const other = [0, 1].map((k) => {
        const start = 500 + Math.floor(next() * 65) * 50;
        return span(start, start + 50 + Math.floor(next() * 4) * 50, { spanId: `b${k}` });
      });
      const whole = measureSpans([span(500, 4000)], history)[0]?.roles.system?.joules ?? Number.NaN;

      const energies = measureSpans([...lane, ...other], history);
      const total = energies.reduce((sum, energy) => sum + (energy?.roles.system?.joules ?? Number.NaN), 0);

      // Edges lie on samples here, so nothing is estimated and the sum is exact.
      expect(total).toBeCloseTo(whole, 6);
    }
  });

  it('is apportioned in equal parts, and is marked as apportioned', () => {
    const history = sampled(() => 100, 3000, 50);

    const [a, b] = measureSpans([span(1000, 2000, { spanId: 'a' }), span(1500, 2500, { spanId: 'b' })], history);

    expect(a?.roles.system?.joules).toBeCloseTo(75, 6);
    expect(b?.roles.system?.joules).toBeCloseTo(75, 6);
    expect(a).toMatchObject({ method: 'apportioned', nature: 'apportioned' });
  });

  it('states an error that holds for one beside many short ones', () => {
    const next = random(5);
    let within = 0;
    const runs = 100;
    for (let run = 0; run < runs; run++) {
      const shorts = Array.from({ length: 20 }, (_, k) => {
        const start = 1000 + 400 * k + next() * 200;
        return span(start, start + 20 + next() * 150, { spanId: `s${k}` });
      });
      const busy = (ms: number) => shorts.some(({ startNs, endNs }) => ms * nsPerMs >= startNs && ms * nsPerMs < endNs);
      const history = sampled((ms) => (busy(ms) ? 300 : 60), 10_000, 50, next() * 50);
      let truth = 0;
      for (let ms = 900; ms < 9500; ms += 1) truth += busy(ms + 0.5) ? 300 / 2 / 1000 : 60 / 1000;
      const [long] = measureSpans([span(900, 9500, { spanId: 'long' })], history, shorts);
      const system = long?.roles.system;
      if (!system) throw new Error('not measured');
      if (Math.abs(system.joules - truth) <= 1.96 * system.stderr) within++;
    }

    expect(within / runs).toBeGreaterThanOrEqual(0.9);
  });

  it('is measured in time that grows with the samples, not with samples times operations', () => {
    const history = sampled(() => 100, 60_000, 10);
    const shorts = Array.from({ length: 20_000 }, (_, k) => span(3 * k, 3 * k + 2, { spanId: `s${k}` }));

    const before = performance.now();
    const [long] = measureSpans([span(0, 59_000, { spanId: 'long' }), ...shorts], history);

    expect(long?.method).toBe('apportioned');
    expect(performance.now() - before).toBeLessThan(4000);
  });

  it('is not what an overlap within the uncertainty of the clocks looks like', () => {
    const history = sampled(() => 100, 3000, 50);
    const uncertaintyNs = 0.5 * nsPerMs;

    const [a] = measureSpans([span(1000, 2000.4, { uncertaintyNs }), span(2000, 2500, { uncertaintyNs })], history);

    expect(a?.method).toBe('direct');
  });

  it('is not what parts look like that follow each other, with times that are rounded to half a millisecond', () => {
    const history = sampled(() => 100, 3000, 50);
    const uncertaintyNs = 0.5 * nsPerMs;
    const parent = span(1000, 2000, { spanId: 'p', uncertaintyNs });
    const parts = [
      span(1000.3, 1400.2, { spanId: 'a', parentSpanId: 'p', uncertaintyNs }),
      span(1400, 2000.4, { spanId: 'b', parentSpanId: 'p', uncertaintyNs }),
    ];

    const methods = measureSpans([parent, ...parts], history).map((energy) => energy?.method);

    expect(methods).toEqual(['direct', 'direct', 'direct']);
  });

  it('is not what a part looks like whose rounded start lies before that of its parent', () => {
    const history = sampled(() => 100, 3000, 50);
    const uncertaintyNs = 0.5 * nsPerMs;
    const parent = span(1000, 2000, { spanId: 'p', uncertaintyNs });
    const part = span(999.6, 2000.3, { spanId: 'a', parentSpanId: 'p', uncertaintyNs });

    const [ofParent, ofPart] = measureSpans([parent, part], history);

    expect([ofParent?.method, ofPart?.method]).toEqual(['direct', 'direct']);
    expect(ofParent?.roles.system?.joules).toBeCloseTo(100, 0);
    expect(ofPart?.roles.system?.joules).toBeCloseTo(100, 0);
  });

  it('is the same for parents that come in any order, are each other or themselves, or are not there', () => {
    const history = sampled(() => 100, 3000, 50);
    const spans = [
      span(1000, 2000, { spanId: 'a', parentSpanId: 'b' }),
      span(1000, 2000, { spanId: 'b', parentSpanId: 'a' }),
      span(1000, 2000, { spanId: 'c', parentSpanId: 'c' }),
      span(1000, 2000, { spanId: 'd', parentSpanId: 'nowhere' }),
    ];

    const joules = measureSpans(spans, history).map((energy) => energy?.roles.system?.joules ?? Number.NaN);

    expect(joules.every(Number.isFinite)).toBe(true);
    expect(joules.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(2 * 100 + 1e-6);
  });

  it('leaves the sum unchanged when an operation is split in two', () => {
    const history = sampled((ms) => 100 + (ms % 700), 3000, 50);
    const joules = (...spans: MeasurableSpan[]) =>
      measureSpans(spans, history).reduce((sum, energy) => sum + (energy?.roles.system?.joules ?? Number.NaN), 0);

    expect(joules(span(1000, 1500), span(1500, 2000))).toBeCloseTo(joules(span(1000, 2000)), 6);
  });
});
