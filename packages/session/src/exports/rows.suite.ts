import type { LatencyRow } from '@benchlab-otel/wire';

/** Frames of 60 Hz with a latency of 10.5 ms; the second one has no power. */
export function sixtyHertz(count: number): LatencyRow[] {
  return Array.from({ length: count }, (_, k) => ({
    timeNs: 1e9 + k * 16_667_000,
    pair: ['in', 'out'] as const,
    latencyMs: 10.5,
    uncertaintyMs: 0.02,
    pairing: 'frame' as const,
    frameId: String(k),
    ...(k === 1 ? {} : { powerWatts: 246.25, powerAgeMs: 3.5, energyJoules: 2.5 }),
    ...(k === 2 ? { simulated: true as const } : {}),
  }));
}
