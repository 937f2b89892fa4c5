import { type Random, seededRandom } from '../../../random/random.ts';
import type { EstimateInput } from '../estimateInput.ts';
import type { MeterModel } from '../meterModel.ts';
import { type Disturbance, disturbanceOf } from './disturbance.ts';
import { lumpedCalls, renewedCalls, type SimulatedCalls, wanderingDuty } from './simulatedCalls.ts';
import { CallPower, StepPower } from './simulatedPower.ts';

/** One kind of bench and load. */
export interface BenchCell {
  readonly callSeconds: number;
  readonly rateHz: number;
  /** `unplaced`: an instant somewhere within the period before the sample, at one place for the whole run. */
  readonly meter: 'instant' | 'mean' | 'unplaced';
  readonly disturbance: Disturbance;
  /** W that a call adds; `drawn`: 0 in half of the runs, else 5 to 100. */
  readonly addedWatts: number | 'drawn';
  /** The poll is moved by up to half a period at random. */
  readonly isDithered: boolean;
  /** Gain 0.5 %, offset 0.5 W, step 0.05 to 1 W, drawn at random; otherwise none and 0.05 W. */
  readonly hasMeterErrors: boolean;
  /** A tenth of the time without samples: always, in half of the runs, or never. */
  readonly gaps: 'always' | 'drawn' | 'never';
  readonly runSeconds: number;
  readonly duty: number;
  /** Draw each call even where it is far shorter than what the meter sees. */
  readonly isEachDrawn?: boolean;
  /** Calls come at an even rate: the duty does not wander. */
  readonly isEven?: boolean;
  /** Calls differ in their watts by up to this share. */
  readonly spread?: number;
}

export interface SimulatedBench {
  readonly input: EstimateInput;
  /** Joules by construction. */
  readonly truth: { readonly whole: number; readonly added: number };
}

/** Parts of a sample interval within which the power besides the calls is constant: about 3 ms each, 4 to 16 of them. */
const partSeconds = 0.003;
const fewestParts = 4;
const mostParts = 16;
const idleWatts = 300;
/** How well the time of a sample is known, s. */
const clockSeconds = 0.0002;
const noiseWatts = 0.3;
const gainStderr = 0.005;
const offsetStderrWatts = 0.5;

/** One run of a bench: the power is constructed, the meter reads it, and the truth is the integral. */
export function simulatedBench(cell: BenchCell, seed: number): SimulatedBench {
  const random = seededRandom(seed);
  const period = 1 / cell.rateHz;
  const parts = Math.min(mostParts, Math.max(fewestParts, Math.round(period / partSeconds)));
  const part = period / parts;
  const samples = Math.round(cell.runSeconds * cell.rateHz);
  const end = samples * period;
  const disturbance = disturbanceOf(cell.disturbance, random, period, end);
  const background = new StepPower(
    Float64Array.from({ length: samples * parts }, (_, i) => idleWatts + disturbance((i + 0.5) * part)),
    part,
  );

  const phase = cell.meter === 'unplaced' ? random.uniform() * period : 0;
  const reported = Float64Array.from({ length: samples - 1 }, (_, k) => {
    const dither = cell.isDithered ? (random.uniform() - 0.5) * period : 0;
    return Math.min(end - period / 100, (k + 1) * period + dither);
  });
  const looked = reported.map((t) => Math.max(0, t - phase + (2 * random.uniform() - 1) * clockSeconds));

  const calls = callsOf(cell, random, samples * parts, part, end, looked);
  const watts = cell.addedWatts === 'drawn' ? drawnWatts(random) : cell.addedWatts;
  const ofCall = calls.starts.map(() => watts * (1 + (cell.spread ?? 0) * (2 * random.uniform() - 1)));
  const load = new CallPower(calls, ofCall);

  const gain = cell.hasMeterErrors ? gainStderr * random.gauss() : 0;
  const offset = cell.hasMeterErrors ? offsetStderrWatts * random.gauss() : 0;
  const quantum = cell.hasMeterErrors ? 0.05 * 20 ** random.uniform() : 0.05;
  const read = Float64Array.from(looked, (t) => {
    const from = Math.max(0, t - period);
    const power =
      cell.meter === 'mean'
        ? (background.integral(from, t) + load.integral(from, t)) / (t - from)
        : background.at(t) + load.at(t);
    return quantum * Math.round((power * (1 + gain) + offset + noiseWatts * random.gauss()) / quantum);
  });
  const kept = keptSamples(cell, random, reported);

  let whole = 0;
  let added = 0;
  calls.starts.forEach((start, k) => {
    const stop = calls.ends[k] ?? 0;
    const joules = (ofCall[k] ?? 0) * (stop - start);
    added += joules;
    whole += joules + background.integral(start, stop);
  });
  return {
    input: {
      samples: {
        timesNs: Float64Array.from(kept.indices, (k) => (reported[k] ?? 0) * 1e9),
        watts: Float64Array.from(kept.indices, (k) => read[k] ?? 0),
        uncertaintiesNs: new Float64Array(kept.indices.length).fill(clockSeconds * 1e9),
        gapBefore: kept.gapBefore,
      },
      operations: [
        {
          name: 'call',
          startsNs: Float64Array.from(calls.starts, (t) => t * 1e9),
          endsNs: Float64Array.from(calls.ends, (t) => t * 1e9),
        },
      ],
      meter: meterOf(cell, period, quantum),
    },
    truth: { whole, added },
  };
}

function callsOf(
  cell: BenchCell,
  random: Random,
  parts: number,
  part: number,
  end: number,
  looked: Float64Array,
): SimulatedCalls {
  const { callSeconds, duty } = cell;
  // Calls about as long as the wander of the duty, or longer, come at one rate.
  const share =
    cell.isEven || callSeconds >= 0.3 ? new Float64Array(parts).fill(duty) : wanderingDuty(random, parts, part, duty);
  if (callSeconds >= 0.0002 || cell.isEachDrawn) {
    const dutyAt = (t: number) => share[Math.min(parts - 1, Math.floor(t / part))] ?? duty;
    return renewedCalls(random, callSeconds, dutyAt, 0, end);
  }
  const margin = 2 * clockSeconds + callSeconds;
  const drawn = cell.meter === 'mean' ? [] : Array.from(looked, (t) => ({ from: t - margin, to: t + margin }));
  return lumpedCalls(random, callSeconds, share, part, drawn);
}

function drawnWatts(random: Random): number {
  return random.uniform() < 0.5 ? 0 : 5 * 20 ** random.uniform();
}

function keptSamples(
  cell: BenchCell,
  random: Random,
  times: Float64Array,
): { indices: number[]; gapBefore: Uint8Array } {
  const isGappy = cell.gaps === 'always' || (cell.gaps === 'drawn' && random.uniform() < 0.5);
  const indices: number[] = [];
  const gapBefore: number[] = [];
  let from = isGappy ? random.exponential(8) : Number.POSITIVE_INFINITY;
  let to = from + 0.3 + random.uniform();
  times.forEach((t, k) => {
    while (t >= to) {
      from = to + random.exponential(8);
      to = from + 0.3 + random.uniform();
    }
    if (t >= from) return;
    gapBefore.push(k > 0 && indices.at(-1) !== k - 1 ? 1 : 0);
    indices.push(k);
  });
  return { indices, gapBefore: Uint8Array.from(gapBefore) };
}

function meterOf(cell: BenchCell, period: number, quantumWatts: number): MeterModel {
  return {
    aperture:
      cell.meter === 'unplaced'
        ? 'not stated'
        : cell.meter === 'mean'
          ? { kind: 'mean', seconds: period }
          : { kind: 'instant' },
    gain: { kind: 'stderr', value: cell.hasMeterErrors ? gainStderr : 0 },
    offsetWatts: { kind: 'stderr', value: cell.hasMeterErrors ? offsetStderrWatts : 0 },
    quantumWatts,
    source: 'simulation',
  };
}
