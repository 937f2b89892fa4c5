import type { StageEvent } from '@benchlab-otel/core';
import { checkStageEvent } from '../stages/stageLine.ts';

// The format of docs/formats/raw.md, version 1: its writer of stage events.

/**
 * A stage event as one raw line of a session without its end, in the form of the seed.
 *
 * @throws OptionError for an event that `parseRawLine` would refuse
 */
export function formatRawStage(event: StageEvent): string {
  checkStageEvent(event);
  const { timeNs, uncertaintyNs, stage, frameId, traceId, simulated } = event;
  return JSON.stringify({
    ts_ns: Math.round(timeNs),
    source: 'pipeline',
    kv: { stage, frame_id: frameId, trace_id: traceId },
    cal: { offset_ns: 0, rtt_ns: 2 * uncertaintyNs },
    simulated,
  });
}
