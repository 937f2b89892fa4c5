import { percentile } from '@benchlab-otel/analysis';
import type { RuntimeEvent } from '@benchlab-otel/wire';
import type { Recording } from './recording.ts';

/** What came of a recording, as runtime events: one a stage, and one a pair of stages. */
export function recordingEvents({ pairs, empty }: Recording): readonly RuntimeEvent[] {
  const stages = [...pairs.stages, ...empty.map(({ stage }) => ({ stage, frames: 0 }))].map(
    ({ stage, frames }): RuntimeEvent => ({ event: 'stage', metrics: { frames }, diagnostics: { stage } }),
  );
  const compared = pairs.pairs.map(({ from, to, frames, dropped, latenciesNs }): RuntimeEvent => {
    const [p50, p95] = [percentile(latenciesNs, 50), percentile(latenciesNs, 95)];
    return {
      event: 'pair',
      metrics: {
        frames,
        dropped,
        ...(p50 !== undefined && { p50_seconds: p50 / 1e9 }),
        ...(p95 !== undefined && { p95_seconds: p95 / 1e9 }),
      },
      diagnostics: { from, to },
    };
  });
  return [...stages, ...compared];
}
