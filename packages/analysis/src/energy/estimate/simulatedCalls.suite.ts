import { seededRandom } from '../../random/random.ts';
import type { EstimateInput, OperationCalls } from './estimateInput.ts';
import type { MeterModel } from './meterModel.ts';

export const averaging: MeterModel = {
  aperture: { kind: 'mean', seconds: 0.05 },
  gain: { kind: 'stderr', value: 0.005 },
  offsetWatts: { kind: 'stderr', value: 0.5 },
  quantumWatts: 0.01,
  source: 'test',
};

/** Exact means of 50 ms of 100 W and what the calls add; noise of 0.1 W. */
export function benchOf(
  seconds: number,
  operations: readonly OperationCalls[],
  watts: (operation: number) => number,
  meter: MeterModel = averaging,
): EstimateInput {
  const random = seededRandom(17);
  const count = Math.round(seconds * 20);
  const power = Float64Array.from({ length: count }, () => 100 + 0.1 * random.gauss());
  operations.forEach(({ startsNs, endsNs, weights }, operation) => {
    for (let k = 0; k < startsNs.length; k++) {
      const start = (startsNs[k] ?? 0) / 1e9;
      const end = (endsNs[k] ?? 0) / 1e9;
      for (let i = Math.max(0, Math.floor(start * 20)); i < count && i / 20 < end; i++) {
        const share = (Math.min(end, (i + 1) / 20) - Math.max(start, i / 20)) * 20;
        power[i] = (power[i] ?? 0) + watts(operation) * (weights?.[k] ?? 1) * share;
      }
    }
  });
  return {
    samples: {
      timesNs: Float64Array.from(power, (_, i) => (i + 1) * 5e7),
      watts: power,
      uncertaintiesNs: new Float64Array(count).fill(1e4),
      gapBefore: new Uint8Array(count),
    },
    operations,
    meter,
  };
}

export function callsOf(name: string, rows: readonly (readonly [number, number])[], weight?: number): OperationCalls {
  return {
    name,
    startsNs: Float64Array.from(rows, ([start]) => start * 1e9),
    endsNs: Float64Array.from(rows, ([, end]) => end * 1e9),
    ...(weight !== undefined && { weights: new Float64Array(rows.length).fill(weight) }),
  };
}

/** Calls of one duration at random times. */
export function randomCalls(name: string, count: number, seconds: number, within: number, seed = 1): OperationCalls {
  const random = seededRandom(seed);
  return callsOf(
    name,
    Array.from({ length: count }, () => {
      const start = random.uniform() * (within - seconds);
      return [start, start + seconds] as const;
    }).sort((a, b) => a[0] - b[0]),
  );
}
