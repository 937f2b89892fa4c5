import { seededRandom } from '../../../random/random.ts';
import type { EstimateInput } from '../estimateInput.ts';
import { type Disturbance, disturbanceOf } from './disturbance.ts';

/** Three kinds of calls on one event loop, and what else runs. */
export interface KindsCell {
  /** W per CPU second per second, for each kind. */
  readonly watts: readonly [number, number, number];
  readonly disturbance: Disturbance;
  /** A call uses its CPU time evenly while it is in flight, or all of it at its start, as real ones do. */
  readonly cpu: 'even' | 'at the start';
}

export interface KindsRun {
  readonly input: EstimateInput;
  /** Joules of each kind by construction. */
  readonly truth: readonly { readonly whole: number; readonly added: number }[];
}

/** Calls a second, CPU seconds and waiting seconds of a call: 8, 10 and 16 % of a CPU, 12, 0.6 and 0.56 calls in flight. */
const threeKinds = [
  { rate: 400, cpu: 0.0002, wait: 0.03 },
  { rate: 100, cpu: 0.001, wait: 0.005 },
  { rate: 40, cpu: 0.004, wait: 0.01 },
] as const;
/** All times are multiples of this, so that the sums below are exact, s. */
const step = 0.0002;
const period = 0.05;
const runSeconds = 30;
const idleWatts = 300;
const noiseWatts = 0.3;
const stepWatts = 0.01;

export function overlappingKinds(cell: KindsCell, seed: number): KindsRun {
  const random = seededRandom(seed);
  const steps = Math.round(runSeconds / step);
  const disturbance = disturbanceOf(cell.disturbance, random, period, runSeconds);
  const perBackground = 16; // steps of one background value
  const watts = new Float64Array(steps);
  for (let i = 0; i < steps; i += perBackground) watts.fill(idleWatts + disturbance(i * step), i, i + perBackground);

  const weighted = threeKinds.map(() => new Float64Array(steps));
  const added = [0, 0, 0];
  const operations = threeKinds.map(({ rate, cpu, wait }, kind) => {
    const startsNs: number[] = [];
    const endsNs: number[] = [];
    const weights: number[] = [];
    let wander = random.gauss();
    for (let from = 0; from < runSeconds; from += period) {
      wander = 0.9 * wander + 0.43 * random.gauss();
      const mean = rate * period * Math.exp(0.5 * wander - 0.12);
      const calls = Math.max(0, Math.round(mean + Math.sqrt(mean) * random.gauss()));
      for (let call = 0; call < calls; call++) {
        const cpuSteps = Math.max(1, Math.round((cpu * random.exponential(1)) / step));
        const start = Math.floor((from + random.uniform() * period) / step);
        const end = start + cpuSteps + Math.round(wait / step);
        if (end >= steps) continue;
        const weight = cpuSteps / (end - start);
        startsNs.push(start * step * 1e9);
        endsNs.push(end * step * 1e9);
        weights.push(weight);
        const kindWatts = cell.watts[kind] ?? 0;
        added[kind] = (added[kind] ?? 0) + kindWatts * cpuSteps * step;
        const inFlight = weighted[kind] ?? new Float64Array();
        for (let i = start; i < end; i++) {
          inFlight[i] = (inFlight[i] ?? 0) + weight;
          const load = cell.cpu === 'even' ? weight : i < start + cpuSteps ? 1 : 0;
          watts[i] = (watts[i] ?? 0) + kindWatts * load;
        }
      }
    }
    return {
      name: `kind ${kind + 1}`,
      startsNs: Float64Array.from(startsNs),
      endsNs: Float64Array.from(endsNs),
      weights: Float64Array.from(weights),
    };
  });

  const whole = wholeOf(weighted, watts);
  const perSample = Math.round(period / step);
  const samples = Math.floor(steps / perSample);
  const read = Float64Array.from({ length: samples }, (_, k) => {
    let sum = 0;
    for (let i = k * perSample; i < (k + 1) * perSample; i++) sum += (watts[i] ?? 0) / perSample;
    return stepWatts * Math.round((sum + noiseWatts * random.gauss()) / stepWatts);
  });
  return {
    input: {
      samples: {
        timesNs: Float64Array.from(read, (_, k) => (k + 1) * period * 1e9),
        watts: read,
        uncertaintiesNs: new Float64Array(samples).fill(1000),
        gapBefore: new Uint8Array(samples),
      },
      operations,
      meter: {
        aperture: { kind: 'mean', seconds: period },
        gain: { kind: 'stderr', value: 0 },
        offsetWatts: { kind: 'stderr', value: 0 },
        quantumWatts: stepWatts,
        source: 'simulation',
      },
    },
    truth: threeKinds.map((_, kind) => ({ whole: whole[kind] ?? 0, added: added[kind] ?? 0 })),
  };
}

/** Joules of each kind: each moment is divided by the weights in flight. */
function wholeOf(weighted: readonly Float64Array[], watts: Float64Array): number[] {
  const [first = watts, second = watts, third = watts] = weighted;
  const whole: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < watts.length; i++) {
    const [a, b, c] = [first[i] ?? 0, second[i] ?? 0, third[i] ?? 0];
    const total = a + b + c;
    if (total < 1e-9) continue;
    const joules = ((watts[i] ?? 0) * step) / total;
    whole[0] += a * joules;
    whole[1] += b * joules;
    whole[2] += c * joules;
  }
  return whole;
}

/** The cells of the table. */
export function kindsTable(): KindsCell[] {
  return (['even', 'at the start'] as const).flatMap((cpu) =>
    (['steps', 'noise'] as const).flatMap((disturbance) => [
      { watts: [60, 60, 60] as const, disturbance, cpu },
      { watts: [40, 60, 90] as const, disturbance, cpu },
    ]),
  );
}
