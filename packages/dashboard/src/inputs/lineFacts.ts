import { type Clock, isImpossiblePower, isObject } from '@benchlab-otel/core';
import {
  type LatencyRow,
  parseLatencyLine,
  parseRawLine,
  parseRuntimeEvent,
  parseStageLine,
  type RawLine,
  type WrittenEvent,
} from '@benchlab-otel/wire';
import type { EventFact, Fact, LatencyFact } from '../model/fact.ts';
import { LineClock } from './lineClock.ts';

/** What a line came to. Undefined: blank, a header, or a source that is not shown, such as a processor. */
export type LineFact =
  | { readonly fact: Fact; readonly faults?: readonly string[] }
  | { readonly reason: string }
  | undefined;

const longestNode = 64;

/**
 * Makes facts of the lines of one writer. A line is known by its shape: a runtime event has a component, a stage event a stage, an
 * aligned row the source `metric.latency`, and other lines with `ts_ns` and `kv` are raw ones.
 */
export class LineFacts {
  readonly clock: LineClock;
  readonly #node: string;

  /** @param node of lines that name none in a field `node`, as recordings of several nodes do */
  constructor(node: string, clock: Clock | LineClock) {
    this.#node = node;
    this.clock = clock instanceof LineClock ? clock : new LineClock(clock);
  }

  /** Never throws. */
  take(text: string): LineFact {
    if (text.trim() === '') return undefined;
    const line = objectOf(text);
    if (line === undefined) return { reason: 'not a JSON object' };
    const node = nodeOf(line) ?? this.#node;
    if ('timestamp' in line || 'component' in line) return this.#event(text, node);
    if (line.source === 'metric.latency') return this.#latency(text, node);
    if ('schema' in line) return this.#header(text);
    if ('ts_ns' in line || 'timeNs' in line || 'kv' in line || 'stage' in line)
      return this.#raw(parseRawLine(text, node), node);
    return { reason: 'neither a runtime event, nor a stage event, nor a line of a session' };
  }

  #event(text: string, node: string): LineFact {
    const read = parseRuntimeEvent(text);
    if (read === undefined || 'reason' in read) return read;
    this.clock.kind ??= 'utc';
    const faults = [...read.faults];
    const fact = eventFact(read.event, node, faults);
    return { fact, ...(faults.length === 0 ? {} : { faults }) };
  }

  #latency(text: string, node: string): LineFact {
    const read = parseLatencyLine(text);
    if (read === undefined || 'reason' in read) return read;
    return { fact: latencyFact(read.row, node, this.clock.epochMs(read.row.timeNs)) };
  }

  #header(text: string): LineFact {
    const read = parseStageLine(text, '');
    if (read === undefined || 'reason' in read) return read;
    if ('header' in read) this.clock.header(read.header.clock);
    return undefined;
  }

  #raw(read: RawLine, node: string): LineFact {
    if (read === undefined || 'other' in read) return undefined;
    if ('reason' in read) return read;
    if ('power' in read) {
      const { timeNs, watts, source, simulated } = read.power;
      const timeMs = this.clock.epochMs(timeNs);
      return { fact: { kind: 'power', timeMs, node, source, watts, ...mark(simulated) } };
    }
    const { timeNs, stage, frameId, simulated } = read.event;
    const timeMs = this.clock.epochMs(timeNs);
    const frame = frameId === undefined ? {} : { frameId };
    return { fact: { kind: 'stage', timeMs, timeNs, node, stage, ...frame, ...mark(simulated) } };
  }
}

/** An aligned row as a fact. */
export function latencyFact(row: LatencyRow, node: string, timeMs: number): LatencyFact {
  const { pair, latencyMs, pairing, powerWatts, powerAgeMs, energyJoules, simulated } = row;
  return {
    kind: 'latency',
    timeMs,
    node,
    from: pair[0],
    to: pair[1],
    latencyMs,
    isExact: pairing !== 'fifo',
    ...(powerWatts === undefined ? {} : { powerWatts }),
    ...(powerAgeMs === undefined ? {} : { powerAgeMs }),
    ...(energyJoules === undefined ? {} : { energyJoules }),
    ...mark(simulated),
  };
}

/** @param faults gets the names of fields that are left out */
function eventFact(event: WrittenEvent, node: string, faults: string[]): EventFact {
  const { metrics = {}, diagnostics = {}, context = {} } = event;
  const { tokens_per_second: tokensPerSecond, power_watts: given, power_simulated: simulated } = metrics;
  const isPossible = given === undefined || !isImpossiblePower(given);
  if (!isPossible) faults.push('metrics.power_watts');
  const fields = {
    run: context.correlation_id,
    tokensPerSecond,
    powerWatts: isPossible ? given : undefined,
    energyJoules: metrics.energy_joules,
    kernelVariant: diagnostics.kernel_variant,
    missingArtifact: diagnostics.missing_artifact,
    errorType: diagnostics.error_type,
    droppedEvents: diagnostics.dropped_events as number | undefined, // checked by the reader
  };
  return {
    kind: 'event',
    timeMs: epochMsOf(event.timestamp),
    node,
    component: event.component,
    event: event.event,
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    ...mark(simulated === true || undefined),
  };
}

/** With the digits below a millisecond, which Date.parse leaves out. */
function epochMsOf(timestamp: string): number {
  const [, digits = ''] = /\.\d{3}(\d+)Z$/.exec(timestamp) ?? [];
  return Date.parse(timestamp) + (digits === '' ? 0 : Number(`0.${digits}`));
}

function nodeOf({ node }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof node === 'string' && node !== '' && node.length <= longestNode ? node : undefined;
}

function mark(simulated: boolean | undefined): { readonly simulated?: true } {
  return simulated === true ? { simulated: true } : {};
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
