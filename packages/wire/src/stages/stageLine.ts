import { isObject, numberOption, OptionError, type StageEvent } from '@benchlab-otel/core';
import { isAmount, jsonObject } from '../lines/jsonObject.ts';
import { monotonicTime, type TimeTranslation } from './otherClock.ts';
import { parseRecordingHeader, type RecordingHeader } from './recordingHeader.ts';

// The format of docs/formats/stage-event.md, version 1: its writer and its reader.

/** An event needs some 100 bytes; the bound leaves room for fields that this reader does not know. */
export const maxStageLineBytes: number = 16 * 1024;

/** Characters of the name of a stage or of a frame. */
const maxName = 128;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are refused
const control = /[\u0000-\u001f\u007f-\u009f]/;

/** What one line holds; undefined for a blank line. */
export type StageLine =
  | { readonly event: StageEvent }
  | { readonly header: RecordingHeader }
  | { readonly reason: string }
  | undefined;

/**
 * An event as one line of JSON without its end. The source is left out: the reader names it.
 *
 * @throws OptionError for an event that `parseStageLine` would refuse
 * @example formatStageLine({ timeNs: 81234567890, uncertaintyNs: 0, stage: 'ingress', source: 'camera' });
 */
export function formatStageLine(event: StageEvent): string {
  checkStageEvent(event);
  const { timeNs, uncertaintyNs, stage, frameId, traceId, simulated } = event;
  return JSON.stringify({ timeNs, uncertaintyNs, stage, frameId, traceId, simulated });
}

/** The line by which a writer of events states how many it has dropped since its start: its reader counts it as a bad one. */
export function formatDroppedStages(count: number): string {
  return JSON.stringify({ dropped: count });
}

/** @throws OptionError for an event that `parseStageLine` would refuse */
export function checkStageEvent({ timeNs, uncertaintyNs, stage, frameId, traceId, simulated }: StageEvent): void {
  numberOption('timeNs', timeNs, { least: 0, most: Number.MAX_SAFE_INTEGER });
  numberOption('uncertaintyNs', uncertaintyNs, { least: 0 });
  check(isName(stage), 'stage', stage, nameRule);
  check(frameId === undefined || isName(frameId), 'frameId', frameId, nameRule);
  check(traceId === undefined || isName(traceId), 'traceId', traceId, nameRule);
  check(simulated === undefined || typeof simulated === 'boolean', 'simulated', simulated, 'true or false');
}

/**
 * Reads one line. Times are CLOCK_MONOTONIC of this host in ns, or become so by `translate`. Unknown fields are ignored. A refused line is returned with
 * the reason: this function never throws. Two forms are accepted:
 * `{"timeNs":81234567890,"uncertaintyNs":0,"stage":"ingress","frameId":"17"}`, where uncertainty and frame may be absent,
 * and `{"ts_ns":81234567890,"source":"pipeline","kv":{"stage":"ingress","frame_id":17}}`.
 */
export function parseStageLine(text: string, source: string, translate?: TimeTranslation): StageLine {
  if (typeof text !== 'string') return { reason: 'not a text' };
  if (text.trim() === '') return undefined;
  const line = jsonObject(text);
  if (line === undefined) return { reason: 'not a JSON object' };
  return stageOfObject(line, source, translate);
}

/** `parseStageLine`, of a line that was parsed. */
export function stageOfObject(
  line: Readonly<Record<string, unknown>>,
  source: string,
  translate: TimeTranslation = monotonicTime,
): Exclude<StageLine, undefined> {
  if ('schema' in line) return parseRecordingHeader(line);
  if ('dropped' in line) return { reason: `the program that writes the events has dropped ${counted(line.dropped)}` };
  const isSeed = 'ts_ns' in line || 'kv' in line;
  const kv = !isSeed ? line : isObject(line.kv) ? line.kv : {};
  const timeName = isSeed ? 'ts_ns' : 'timeNs';
  const given = line[timeName];
  if (typeof given !== 'number' || !(given >= 0)) return { reason: `no "${timeName}" in nanoseconds` };
  const time = translate(given);
  if ('reason' in time) return { reason: `"${timeName}" ${time.reason}` };
  const own = line.uncertaintyNs ?? halfRoundTrip(line.cal);
  if (!isAmount(own)) return { reason: '"uncertaintyNs" is not a number of nanoseconds' };
  const { stage } = kv;
  if (!isName(stage)) return { reason: nameFault(stage, isSeed ? '"stage" in "kv"' : '"stage"') };
  const frame = isSeed ? (kv.frame_id ?? kv.frame) : line.frameId;
  const isNumber = typeof frame === 'number' && Number.isSafeInteger(frame);
  const frameId = isNumber ? String(frame) : (frame ?? undefined);
  if (frameId !== undefined && !isNumber && !isName(frameId))
    return { reason: idFault(frameId, 'the frame id', 'neither a text nor a whole number') };
  const traceId = (isSeed ? kv.trace_id : line.traceId) ?? undefined;
  if (traceId !== undefined && !isName(traceId)) return { reason: idFault(traceId, 'the trace id', 'not a text') };
  const { simulated } = line;
  if (simulated !== undefined && typeof simulated !== 'boolean')
    return { reason: '"simulated" is neither true nor false' };
  // Set one by one: to spread objects takes longer than JSON.parse.
  const event: Writable<StageEvent> = { timeNs: time.timeNs, uncertaintyNs: own + time.uncertaintyNs, stage, source };
  if (frameId !== undefined) event.frameId = frameId as string; // a text, by the checks above
  if (traceId !== undefined) event.traceId = traceId;
  if (simulated) event.simulated = true;
  return { event };
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

function counted(dropped: unknown): string {
  return Number.isSafeInteger(dropped) ? `${dropped} of them so far` : 'some of them';
}

/** `cal.rtt_ns` of the form of the seed is twice the uncertainty. */
function halfRoundTrip(cal: unknown): number {
  return isObject(cal) && isAmount(cal.rtt_ns) ? cal.rtt_ns / 2 : 0;
}

const nameRule = `a text of 1 to ${maxName} characters, without control characters`;

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maxName && !control.test(value);
}

/** Why `value` is not a name. */
function nameFault(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '') return `no ${field}`;
  return value.length > maxName ? `more than ${maxName} characters in ${field}` : `a control character in ${field}`;
}

function idFault(value: unknown, field: string, fault: string): string {
  if (typeof value !== 'string' || value === '') return `${field} is ${fault}`;
  return nameFault(value, field);
}

function check(isGood: boolean, option: string, value: unknown, allowed: string): void {
  if (!isGood) throw new OptionError({ option, value, allowed });
}
