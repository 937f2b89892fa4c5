import type { AddedEnergy, EnergyFigure, ReceivedSpan, WholeEnergy } from '@benchlab-otel/analysis';
import { attribute, SampleHistory } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { expectPageRegion } from '../../../analysis/src/energy/pageRegion.suite.ts';
import { simulatedBoard, span } from '../../../analysis/src/operations/example.suite.ts';
import { seededRandom } from '../../../analysis/src/random/random.ts';
import { measuredOperations } from './measuredOperations.ts';

const calls = 20_000;
const callSeconds = 50e-6;
const runSeconds = 20;
const periodSeconds = 0.05;
const addedWatts = 60;

/**
 * A bench of 300 W whose power swings by 20 W for other reasons, in steps about every second and as a sine, and a program
 * of 20,000 calls of 50 us that add 60 W. The meter shows the mean of the 50 ms before each sample, as the emulated board
 * does.
 */
function simulatedRun(seed: number) {
  const random = seededRandom(seed);
  const partSeconds = 0.005;
  const parts = Math.round(runSeconds / partSeconds);
  const turn = 2 * Math.PI * 0.1 * 300 ** random.uniform();
  let [level, wander] = [20 * random.uniform(), random.gauss()];
  const rates: number[] = [];
  const watts = Float64Array.from({ length: parts }, (_, part) => {
    if (random.uniform() < partSeconds) level = 20 * random.uniform();
    wander = wander * (1 - partSeconds / 0.5) + Math.sqrt((2 * partSeconds) / 0.5) * random.gauss();
    rates.push((rates.at(-1) ?? 0) + Math.exp(0.7 * wander));
    return 300 + level + 20 * Math.sin(turn * part * partSeconds);
  });
  // Calls come at a rate that wanders: each takes the part that its place in the sum of the rates falls into.
  const called = new Uint16Array(parts);
  const spans: ReceivedSpan[] = [];
  let [whole, part] = [0, 0];
  for (let call = 0; call < calls; call++) {
    const place = ((call + random.uniform()) / calls) * (rates.at(-1) ?? 0);
    while (part < parts - 1 && (rates[part] ?? 0) < place) part++;
    const n = called[part] ?? 0;
    called[part] = n + 1;
    const startMs = part * partSeconds * 1e3 + n * callSeconds * 1e3 * 1.1;
    spans.push(span('lookup', startMs, startMs + callSeconds * 1e3, { spanId: `c${call}` }));
    whole += callSeconds * ((watts[part] ?? 0) + addedWatts);
  }
  const history = new SampleHistory();
  const perSample = Math.round(periodSeconds / partSeconds);
  for (let sample = 1; sample * perSample <= parts; sample++) {
    let mean = 0;
    for (let k = (sample - 1) * perSample; k < sample * perSample; k++) {
      mean += ((watts[k] ?? 0) * partSeconds + addedWatts * callSeconds * (called[k] ?? 0)) / periodSeconds;
    }
    history.sample({
      source: simulatedBoard,
      timeNs: sample * periodSeconds * 1e9,
      uncertaintyNs: 0,
      readings: [],
      totals: { system: Math.fround(mean) },
    });
  }
  return { spans, history, truth: { whole, added: calls * callSeconds * addedWatts } };
}

function figureOf(energy: WholeEnergy | AddedEnergy | undefined): EnergyFigure {
  if (energy === undefined || energy.kind === 'none') throw new Error(`no figure: ${JSON.stringify(energy)}`);
  return energy;
}

describe('20,000 calls of 50 us on a bench whose power swings for other reasons', () => {
  const runs = Array.from({ length: 24 }, (_, run) => {
    const { spans, history, truth } = simulatedRun(70_000 + run);
    const [operation] = measuredOperations(spans, { history }).operations;
    const system = operation?.energy?.roles.system;
    return { truth, whole: figureOf(system?.whole), added: figureOf(system?.added) };
  });
  const holds = ({ low, high }: EnergyFigure, truth: number) => low <= truth && truth <= high;

  it('have intervals that hold the truth in at least 91 % of runs, and are of use', () => {
    const held = (of: 'whole' | 'added') => runs.filter((run) => holds(run[of], run.truth[of])).length / runs.length;

    expect(held('whole')).toBeGreaterThanOrEqual(0.91);
    expect(held('added')).toBeGreaterThanOrEqual(0.91);
    for (const { whole } of runs) {
      expect((whole.high - whole.low) / 2).toBeLessThan(0.1 * whole.joules);
      expect(whole.samplingStderr).toBeGreaterThan(0);
    }
  });

  it('hold it too where starts are cut off to a millisecond, as OpenTelemetry JS states them', () => {
    let held = 0;
    for (let run = 0; run < 12; run++) {
      const { spans, history, truth } = simulatedRun(70_000 + run);
      const stated = spans.map((one) => {
        const startNs = (Math.floor(one.startNs / 1e6) + 0.5) * 1e6;
        return { ...one, startNs, endNs: startNs + callSeconds * 1e9, uncertaintyNs: 0.5e6 };
      });
      const [operation] = measuredOperations(stated, { history }).operations;
      const system = operation?.energy?.roles.system;
      expect(system?.method).toBe('direct');
      if (holds(figureOf(system?.whole), truth.whole)) held++;
    }
    expect(held).toBeGreaterThanOrEqual(11);
  });

  it('agree with each other over five runs, which docs/energy.md shows', async () => {
    const five = runs.slice(0, 5);
    for (const of of ['whole', 'added'] as const) {
      const figures = five.map((run) => run[of]);
      expect(Math.max(...figures.map(({ low }) => low))).toBeLessThanOrEqual(
        Math.min(...figures.map(({ high }) => high)),
      );
    }
    const text = ({ joules, low, high }: EnergyFigure) => `${joules.toFixed(1)} J ± ${((high - low) / 2).toFixed(1)} J`;
    await expectPageRegion('energy.md', 'five runs', [
      '| run | whole | truth | added | truth |',
      '| --- | --- | --- | --- | --- |',
      ...five.map(
        ({ whole, added, truth }, k) =>
          `| ${k + 1} | ${text(whole)} | ${truth.whole.toFixed(1)} J | ${text(added)} | ${truth.added.toFixed(1)} J |`,
      ),
    ]);
  });
});

describe('the operations of a run', () => {
  /** A board that shows 100 W for ten seconds. */
  const history = new SampleHistory();
  for (let ms = 0; ms <= 10_000; ms += 50) {
    history.sample({
      source: simulatedBoard,
      timeNs: ms * 1e6,
      uncertaintyNs: 0,
      readings: [],
      totals: { system: 100 },
    });
  }
  const timed = (name: string, startMs: number, share: unknown) =>
    span(name, startMs, startMs + 1000, {
      attributes: { [attribute.cpuSeconds]: share as number, [attribute.cpuSelfSeconds]: share as number },
    });
  const joules = (spans: readonly ReceivedSpan[]) => {
    const { operations, notes } = measuredOperations(spans, { history });
    const whole = operations.map(({ name, energy }) => [name, figureOf(energy?.roles.system?.whole).joules]);
    return { ...Object.fromEntries(whole), notes };
  };

  it('that overlap share the bench by the CPU time that their spans state', () => {
    expect(joules([timed('a', 2000, 0.3), timed('b', 2000, 0.1)])).toEqual({
      a: expect.closeTo(75, 0),
      b: expect.closeTo(25, 0),
      notes: [],
    });
  });

  it('share it equally where one states none, and a note names that one', () => {
    expect(joules([timed('a', 2000, 0.3), span('b', 2000, 3000)])).toEqual({
      a: expect.closeTo(50, 0),
      b: expect.closeTo(50, 0),
      notes: ['equal parts where operations overlap: b state no time on the CPU (benchlab.cpu.seconds)'],
    });
  });

  it('count impossible CPU times in a note', () => {
    const spans = Array.from({ length: 60 }, (_, k) => timed('a', 100 * k, k === 0 ? -1 : 0.2));
    expect(measuredOperations(spans, { history }).notes).toEqual([
      '1 span with an impossible time on the CPU (benchlab.cpu.seconds): it is not used',
      '1 span without time on the CPU: taken at the mean of the operation',
    ]);
  });

  it('have a figure with the calibration of the board where its aperture was not known', () => {
    const board = { ...simulatedBoard, simulated: false, id: 'real' };
    const real = new SampleHistory();
    for (let ms = 0; ms <= 10_000; ms += 50) {
      const totals = { system: ms % 300 < 100 ? 160 : 100 };
      real.sample({ source: board, timeNs: ms * 1e6, uncertaintyNs: 0, readings: [], totals });
    }
    const spans = Array.from({ length: 30 }, (_, k) => span('work', 300 * k, 300 * k + 100));
    const whole = (calibration?: { source: string; aperture: { kind: 'instant' }; refreshSeconds: number }) =>
      measuredOperations(spans, { history: real }, calibration && { calibration }).operations[0]?.energy?.roles.system
        ?.whole;

    expect(whole()).toMatchObject({ kind: 'none', reason: { kind: 'window-unplaced' } });
    expect(whole({ source: 'rig', aperture: { kind: 'instant' }, refreshSeconds: 0.001 })).toMatchObject({
      kind: 'figure',
    });
  });

  it('have no energy without a meter', () => {
    expect(measuredOperations([span('a', 0, 1)], undefined)).toMatchObject({ operations: [{ name: 'a' }], notes: [] });
  });
});
