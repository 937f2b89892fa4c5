import { isObject, type StageEvent } from '@benchlab-otel/core';
import { isAmount, jsonObject } from '../lines/jsonObject.ts';
import { monotonicTime, type TimeTranslation } from '../stages/otherClock.ts';
import { stageOfObject } from '../stages/stageLine.ts';

// The format of docs/formats/raw.md, version 1: its reader.

/** A line of a board with all its readings needs some 3 kB. */
export const maxRawLineBytes: number = 64 * 1024;

/** Power of the whole bench as one line states it. */
export interface RawPower {
  /** CLOCK_MONOTONIC, ns. */
  readonly timeNs: number;
  readonly uncertaintyNs: number;
  readonly watts: number;
  readonly source: string;
  readonly simulated?: true;
}

/** What one line holds: `other` for a line without stage and without power of the bench. Undefined for a blank line. */
export type RawLine =
  | { readonly event: StageEvent }
  | { readonly power: RawPower }
  | { readonly other: string }
  | { readonly reason: string }
  | undefined;

/** More than a wall outlet gives to a bench: a reading above it is a fault of the line. */
const mostWatts = 100_000;
/** The total of a board, where its list of rails has one. */
const totalRail = /^(?:sys|system|total|p_sys)$/i;

/**
 * Reads one raw line of a session: `{"ts_ns", "source", "kv"}`, and stage events in their own form. Power of the bench is
 * `kv.p_sys` of the sources `benchlab.*`, or the list `kv.power` of `{rail, power}`: its total where it has one, else the sum of
 * its rails. `cal.rtt_ns` is twice the uncertainty. A refused line is returned with the reason: this function never throws.
 */
export function parseRawLine(text: string, source: string, translate: TimeTranslation = monotonicTime): RawLine {
  if (text.trim() === '') return undefined;
  const line = jsonObject(text);
  if (line === undefined) return { reason: 'not a JSON object' };
  const kv = isObject(line.kv) ? line.kv : {};
  if ('stage' in line || 'stage' in kv || 'schema' in line) return stageOf(line, source, translate);
  if (!isAmount(line.ts_ns)) return { reason: 'no "ts_ns" in nanoseconds' };
  const time = translate(line.ts_ns);
  if ('reason' in time) return { reason: `"ts_ns" ${time.reason}` };
  if (typeof line.source !== 'string' || line.source === '') return { reason: 'no "source"' };
  if (!isObject(line.kv)) return { reason: 'no "kv"' };
  if (!line.source.startsWith('benchlab')) return { other: line.source };
  const watts = wattsOf(kv);
  if (watts === undefined) return { other: line.source };
  if (!(watts >= 0 && watts <= mostWatts)) return { reason: 'the power of the bench is not a value that can be' };
  const rtt = isObject(line.cal) ? line.cal.rtt_ns : undefined;
  const { timeNs } = time;
  const uncertaintyNs = (isAmount(rtt) ? rtt / 2 : 0) + time.uncertaintyNs;
  const mark = line.simulated === true ? { simulated: true as const } : {};
  return { power: { timeNs, uncertaintyNs, watts, source: line.source, ...mark } };
}

function stageOf(line: Readonly<Record<string, unknown>>, source: string, translate: TimeTranslation): RawLine {
  const read = stageOfObject(line, source, translate);
  return 'header' in read ? { other: 'header' } : read;
}

function wattsOf({ p_sys: total, power }: Readonly<Record<string, unknown>>): number | undefined {
  if (total !== undefined && total !== null) return typeof total === 'number' ? total : Number.NaN;
  if (!Array.isArray(power)) return undefined;
  const rails = power.filter(isObject);
  const whole = rails.find(({ rail }) => typeof rail === 'string' && totalRail.test(rail));
  const read = (whole === undefined ? rails : [whole]).map((rail) => rail.power);
  if (read.length === 0) return undefined;
  return read.reduce<number>((sum, watts) => sum + (typeof watts === 'number' ? watts : Number.NaN), 0);
}
