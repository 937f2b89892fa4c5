import { SampleHistory, type Source } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random/random.ts';
import type { AddedEnergy, EnergyFigure, WholeEnergy } from './estimate/energyEstimate.ts';
import type { MeterModel } from './estimate/meterModel.ts';
import type { NamedSpan } from './frontier.ts';
import { operationEnergies } from './operationEnergies.ts';

const nsPerMs = 1e6;
const board: Source = { id: 'U1', name: 'board', simulated: false, boundary: 'dc_rails', attributes: {} };
const instant: MeterModel = {
  aperture: { kind: 'instant' },
  gain: { kind: 'stderr', value: 0 },
  offsetWatts: { kind: 'stderr', value: 0 },
  quantumWatts: 0.01,
  source: 'this test',
};

/** A history that sampled `power` (watts at a time in ms) every 50 ms. */
function sampled(power: (ms: number) => number, untilMs: number, source = board): SampleHistory {
  const history = new SampleHistory();
  for (let ms = 0; ms <= untilMs; ms += 50) {
    history.sample({ source, timeNs: ms * nsPerMs, uncertaintyNs: 0, readings: [], totals: { system: power(ms) } });
  }
  return history;
}

let ids = 0;
const span = (name: string, startMs: number, endMs: number, more: Partial<NamedSpan> = {}): NamedSpan => ({
  spanId: `s${ids++}`,
  name,
  startNs: startMs * nsPerMs,
  endNs: endMs * nsPerMs,
  ...more,
});

function figure(energy: WholeEnergy | AddedEnergy | undefined): EnergyFigure {
  if (energy?.kind !== 'figure') throw new Error(`no figure: ${JSON.stringify(energy)}`);
  return energy;
}

describe('the energy of operations', () => {
  const calls = Array.from({ length: 40 }, (_, k) => 317 + k * 473.3);
  const inside = (ms: number) => calls.some((start) => ms >= start && ms < start + 210);

  it('of calls that had the bench to themselves is what the rails delivered meanwhile, and what they added', () => {
    const history = sampled((ms) => (inside(ms) ? 160 : 100), 20_000);
    const summary = operationEnergies(
      calls.map((start) => span('work', start, start + 210)),
      history,
      { meterModel: () => instant },
    ).get('work');
    const whole = figure(summary?.roles.system?.whole);
    const added = summary?.roles.system?.added;
    expect(summary).toMatchObject({ calls: 40, includesParts: false });
    expect(summary?.roles.system).toMatchObject({ method: 'direct', nature: 'measured', coverage: 1, source: board });
    expect(whole.low).toBeLessThanOrEqual(40 * 0.21 * 160);
    expect(whole.high).toBeGreaterThanOrEqual(40 * 0.21 * 160);
    expect(added).toMatchObject({ kind: 'figure', joules: expect.closeTo(40 * 0.21 * 60, -2) });
  });

  it('includes the parts of an operation, and gives the parts their own', () => {
    const history = sampled(() => 100, 20_000);
    const spans = calls.flatMap((start) => {
      const parent = span('parent', start, start + 210);
      return [parent, span('part', start + 50, start + 155, { parentSpanId: parent.spanId })];
    });
    const energies = operationEnergies(spans, history, { meterModel: () => instant });
    expect(figure(energies.get('parent')?.roles.system?.whole).joules).toBeCloseTo(40 * 0.21 * 100, 0);
    expect([energies.get('parent')?.includesParts, energies.get('part')?.includesParts]).toEqual([true, false]);
    expect(figure(energies.get('part')?.roles.system?.whole).joules).toBeCloseTo(40 * 0.105 * 100, 0);
  });

  it('of calls that overlap is divided by their CPU time where all state it, else equally', () => {
    const history = sampled(() => 100, 20_000);
    const at = (share: number) => ({ cpuSeconds: { total: 0.21 * share, self: 0.21 * share } });
    const both = (a: object, b: object) =>
      operationEnergies(
        calls.flatMap((start) => [span('a', start, start + 210, a), span('b', start, start + 210, b)]),
        history,
        { meterModel: () => instant },
      );
    const whole = 40 * 0.21 * 100;
    const weighted = both(at(0.6), at(0.2));
    expect(figure(weighted.get('a')?.roles.system?.whole).joules).toBeCloseTo(whole * 0.75, 0);
    expect(weighted.get('a')?.roles.system).toMatchObject({ method: 'apportioned', weights: 'cpu_time' });
    const equal = both(at(0.6), {});
    expect(figure(equal.get('a')?.roles.system?.whole).joules).toBeCloseTo(whole / 2, 0);
    expect(equal.get('a')?.roles.system).toMatchObject({ method: 'apportioned', weights: 'equal' });
  });

  it('of calls that only wait is theirs where nothing works, and goes to a call that works', () => {
    const history = sampled(() => 100, 20_000);
    const at = (share: number) => ({ cpuSeconds: { total: 0.21 * share, self: 0.21 * share } });
    const of = (working: number) => {
      const energies = operationEnergies(
        calls.flatMap((start) => [
          span('waits', start, start + 210, at(0)),
          span('waits too', start, start + 210, at(working)),
          span('alone', start + 230, start + 330, at(0)),
        ]),
        history,
        { meterModel: () => instant },
      );
      return ['waits', 'waits too', 'alone'].map((name) => energies.get(name)?.roles.system?.seconds);
    };
    expect(of(0)).toEqual([40 * 0.105, 40 * 0.105, 4].map((seconds) => expect.closeTo(seconds, 2)));
    expect(of(0.5)).toEqual([0, 40 * 0.21, 4].map((seconds) => expect.closeTo(seconds, 2)));
  });

  it('is divided equally on the rails of the GPU, of which CPU time states nothing', () => {
    const history = new SampleHistory();
    for (let ms = 0; ms <= 20_000; ms += 50) {
      const totals = { system: 100, gpu: 40 };
      history.sample({ source: board, timeNs: ms * nsPerMs, uncertaintyNs: 0, readings: [], totals });
    }
    const at = (share: number) => ({ cpuSeconds: { total: 0.21 * share, self: 0.21 * share } });
    const roles = operationEnergies(
      calls.flatMap((start) => [span('a', start, start + 210, at(0.6)), span('b', start, start + 210, at(0.2))]),
      history,
      { meterModel: () => instant },
    ).get('a')?.roles;
    expect(figure(roles?.system?.whole).joules).toBeCloseTo(40 * 0.21 * 75, 0);
    expect(figure(roles?.gpu?.whole).joules).toBeCloseTo(40 * 0.21 * 20, 0);
    expect([roles?.system?.weights, roles?.gpu?.weights]).toEqual(['cpu_time', 'equal']);
  });

  it('is not shared where calls follow each other and only their rounded times overlap', () => {
    const history = sampled(() => 100, 20_000);
    const parts = (overlapMs: number, uncertaintyNs: number) =>
      operationEnergies(
        calls.flatMap((start) => [
          span('a', start, start + 40 + overlapMs, { uncertaintyNs }),
          span('b', start + 40, start + 200, { uncertaintyNs }),
        ]),
        history,
        { meterModel: () => instant },
      ).get('a')?.roles.system?.method;
    expect(parts(0.5, 0.5 * nsPerMs)).toBe('direct');
    expect(parts(0.5, 0)).toBe('apportioned');
    expect(parts(20, 0.5 * nsPerMs)).toBe('apportioned');
  });

  it('of calls whose times are rounded to a millisecond is not too small: the window is widened by as much', () => {
    const random = seededRandom(11);
    // In every other half second, a call of 40 us in each millisecond adds 60 W. Its start is stated as the middle.
    const starts = Array.from({ length: 20_000 }, (_, ms) => ms + 0.96 * random.uniform()).filter(
      (start) => Math.floor(start / 500) % 2 === 0,
    );
    const isBusy = (ms: number) => starts.some((start) => start <= ms && ms < start + 0.04);
    const history = new SampleHistory();
    for (let sample = 0; sample < 400; sample++) {
      const ms = sample * 50 + random.uniform();
      const totals = { system: isBusy(ms) ? 160 : 100 };
      history.sample({ source: board, timeNs: ms * nsPerMs, uncertaintyNs: 0, readings: [], totals });
    }
    const added = (uncertaintyNs: number) =>
      operationEnergies(
        starts.map((start) => span('work', Math.floor(start) + 0.5, Math.floor(start) + 0.54, { uncertaintyNs })),
        history,
        { meterModel: () => instant },
      ).get('work')?.roles.system?.added;
    const truth = starts.length * 40e-6 * 60;
    const holds = (energy: AddedEnergy | undefined) =>
      energy !== undefined && energy.kind !== 'none' && energy.low <= truth && truth <= energy.high;
    expect(holds(added(0.5 * nsPerMs))).toBe(true);
    expect(holds(added(0))).toBe(false);
  });

  it('has a reason instead of a figure where the place of the window of the meter is not known', () => {
    const history = sampled(() => 100, 20_000);
    const spans = Array.from({ length: 100 }, (_, k) => span('work', 137 * k, 137 * k + 60));
    const whole = operationEnergies(spans, history, { meterModel: () => ({ ...instant, aperture: 'not stated' }) }).get(
      'work',
    )?.roles.system?.whole;
    expect(whole).toMatchObject({ kind: 'none', reason: { kind: 'window-unplaced' } });
  });

  it('is not there without samples or without calls', () => {
    expect(operationEnergies([span('a', 0, 10)], new SampleHistory()).size).toBe(0);
    expect(
      operationEnergies(
        [],
        sampled(() => 100, 1000),
      ).size,
    ).toBe(0);
  });

  it('of one name at two depths is the sum', () => {
    const history = sampled(() => 100, 20_000);
    const spans = calls.flatMap((start) => {
      const outer = span('again', start, start + 210);
      return [outer, span('again', start, start + 100, { parentSpanId: outer.spanId })];
    });
    const summary = operationEnergies(spans, history, { meterModel: () => instant }).get('again');
    expect(summary?.calls).toBe(80);
    expect(figure(summary?.roles.system?.whole).joules).toBeCloseTo(40 * 0.31 * 100, 0);
  });

  it('beyond the bench at rest is the whole less its watts times the time, with the error of both', () => {
    const history = sampled((ms) => (inside(ms) ? 160 : 100), 20_000);
    const spans = calls.map((start) => span('work', start, start + 210));
    const gain: MeterModel = {
      ...instant,
      gain: { kind: 'stderr', value: 0.01 },
      offsetWatts: { kind: 'bound', value: 5 },
    };
    const activeAt = (stderr: number, source = board) =>
      operationEnergies(spans, history, {
        meterModel: () => gain,
        idle: {
          seconds: 10,
          roles: { system: { watts: 100, stderr, degreesOfFreedom: Number.POSITIVE_INFINITY, samples: 200, source } },
        },
      }).get('work')?.roles.system;
    const sure = activeAt(0.001);
    const unsure = activeAt(2);
    const active = figure(sure?.active);
    const whole = figure(sure?.whole);
    expect(active.joules + (sure?.idleJoules ?? 0)).toBeCloseTo(whole.joules, 9);
    expect(sure?.idleJoules).toBeCloseTo(100 * 40 * 0.21, 3);
    // An offset is in the baseline, too: only the gain of what is left counts.
    expect(active.meterStderr).toBeCloseTo(0.01 * active.joules, 9);
    expect(active.meterBound).toBeUndefined();
    expect(figure(unsure?.active).samplingStderr).toBeCloseTo(Math.hypot(active.samplingStderr, 2 * 40 * 0.21), 1);
    expect(activeAt(100)?.active?.kind).toBe('not-different-from-zero');
    expect(activeAt(0.001, { ...board, id: 'other' })).not.toHaveProperty('active');
  });

  it('below a coverage of 95 % has the reason, also where half of it is sampled well', () => {
    const history = sampled(() => 100, 10_000);
    const system = operationEnergies([span('work', 5000, 15_000)], history, { meterModel: () => instant }).get('work')
      ?.roles.system;
    const reason = { kind: 'not-covered', coverage: expect.closeTo(0.5, 1), needed: 0.95 };
    expect(system).toMatchObject({ whole: { kind: 'none', reason }, added: { kind: 'none', reason } });
  });

  it('covers what the calls deeper than eight levels took, too: they have no figure', () => {
    const history = sampled(() => 100, 20_000);
    const chain = Array.from({ length: 9 }, (_, k) =>
      span(k === 8 ? 'deep' : `level ${k}`, 1000, 19_000, {
        spanId: `d${k}`,
        ...(k === 0 ? {} : { parentSpanId: `d${k - 1}` }),
      }),
    );
    const shallow = span('deep', 100, 900);
    const system = operationEnergies([...chain, shallow], history, { meterModel: () => instant }).get('deep')?.roles
      .system;
    expect(system?.coverage).toBeCloseTo(0.8 / 18.8, 2);
    expect(system?.whole).toMatchObject({ kind: 'none', reason: { kind: 'not-covered' } });
  });

  it('takes samples up to the margin before and after the calls', () => {
    const history = sampled(() => 100, 20_000);
    const samples = (marginSeconds: number) =>
      operationEnergies([span('work', 5000, 15_000)], history, { meterModel: () => instant, marginSeconds }).get('work')
        ?.roles.system?.samples ?? 0;
    expect(samples(Number.POSITIVE_INFINITY)).toBe(401);
    expect(samples(1)).toBeLessThan(250);
  });
});
