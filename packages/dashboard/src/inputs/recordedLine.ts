import type { ClockAnchor } from '@benchlab-otel/core';
import { formatLatencyLine, formatStageLine } from '@benchlab-otel/wire';
import type { EventFact, Fact, LatencyFact, PowerFact } from '../model/fact.ts';

const nsPerMs = 1e6;

/**
 * A fact as one line of the format that its kind has (runtime event, stage event, aligned row, raw line), with the node in a field
 * `node`, which other readers ignore. Undefined for a dropped frame: it follows from the stage events.
 *
 * @param anchor that of the header of the recording
 */
export function recordedLine(fact: Fact, anchor: ClockAnchor): string | undefined {
  const line = lineOf(fact, timeNsOf(fact.timeMs, anchor));
  return line === undefined ? undefined : `${line.slice(0, -1)},"node":${JSON.stringify(fact.node)}}`;
}

function lineOf(fact: Fact, timeNs: number): string | undefined {
  if (fact.kind === 'event') return JSON.stringify(eventOf(fact));
  if (fact.kind === 'power') return JSON.stringify(powerOf(fact, timeNs));
  if (fact.kind === 'latency') return latencyOf(fact, timeNs);
  const { stage, frameId, simulated } = fact;
  const frame = frameId === undefined ? {} : { frameId };
  return formatStageLine({ timeNs, uncertaintyNs: 0, stage, ...frame, source: '', ...(simulated && { simulated }) });
}

function eventOf({ timeMs, component, event, simulated, ...fact }: EventFact): object {
  return {
    timestamp: new Date(timeMs).toISOString(),
    component,
    event,
    metrics: {
      tokens_per_second: fact.tokensPerSecond,
      power_watts: fact.powerWatts,
      energy_joules: fact.energyJoules,
      power_simulated: simulated,
    },
    diagnostics: {
      kernel_variant: fact.kernelVariant,
      missing_artifact: fact.missingArtifact,
      error_type: fact.errorType,
      dropped_events: fact.droppedEvents,
    },
    context: { correlation_id: fact.run },
  };
}

function powerOf({ source, watts, simulated }: PowerFact, timeNs: number): object {
  const name = source.startsWith('benchlab') ? source : `benchlab ${source}`;
  return { ts_ns: timeNs, source: name, kv: { p_sys: watts }, simulated };
}

function latencyOf(fact: LatencyFact, timeNs: number): string | undefined {
  const { from, to, latencyMs, isExact, powerWatts, powerAgeMs, energyJoules, simulated } = fact;
  if (latencyMs === undefined) return undefined;
  return formatLatencyLine({
    timeNs,
    pair: [from, to],
    latencyMs,
    uncertaintyMs: 0,
    pairing: isExact ? 'frame' : 'fifo',
    ...(powerWatts === undefined ? {} : { powerWatts }),
    ...(powerAgeMs === undefined ? {} : { powerAgeMs }),
    ...(energyJoules === undefined ? {} : { energyJoules }),
    ...(simulated && { simulated }),
  });
}

/** Of a recording made long after its facts this is negative, and no format takes it: those times are 0 at least. */
function timeNsOf(timeMs: number, anchor: ClockAnchor): number {
  return Math.max(0, anchor.timeNs + (timeMs - Number(anchor.epochNs) / nsPerMs) * nsPerMs);
}
