import { type Clock, type ClockAnchor, isObject, shown } from '@benchlab-otel/core';

// The first line of a recording, docs/formats/recording.md: its writer and its reader.

const recordingSchema = 'benchlab-otel/stage-events';
/** Raised when readers of the version before would read something wrong. New fields are not a reason: they are ignored. */
const recordingVersion = 1;

/** Readings of both clocks, of which the closest pair is written: the first reading in a process takes long. */
const anchorReadings = 5;
/** Characters of an unknown schema or version that a reason quotes. */
const maxQuoted = 128;

/** The first line of a recording: one instant on both clocks, and the stages. */
export interface RecordingHeader {
  /** One instant on both clocks, to translate the times of the recording into the time of day. */
  readonly clock: ClockAnchor;
}

/** The first line of a recording, without its end. */
export function formatRecordingHeader(clock: Clock): string {
  const { timeNs, epochNs, uncertaintyNs } = tightestAnchor(clock);
  const anchor = { timeNs, epochNs: String(epochNs), uncertaintyNs };
  return JSON.stringify({ schema: recordingSchema, version: recordingVersion, clock: anchor });
}

/** Reads a line that has a field `schema`. */
export function parseRecordingHeader(
  line: Readonly<Record<string, unknown>>,
): { readonly header: RecordingHeader } | { readonly reason: string } {
  const { schema, version } = line;
  if (schema !== recordingSchema || version !== recordingVersion) {
    return { reason: `schema ${quoted(schema)} in version ${quoted(version)} is not known` };
  }
  const clock = anchorOf(line.clock);
  return clock === undefined ? { reason: 'the "clock" of the header is not an instant' } : { header: { clock } };
}

function anchorOf(clock: unknown): ClockAnchor | undefined {
  if (!isObject(clock)) return undefined;
  const { timeNs, epochNs, uncertaintyNs } = clock;
  if (!isTime(timeNs) || !isTime(uncertaintyNs)) return undefined;
  // As text, because nanoseconds since 1970 are beyond 2^53.
  if (typeof epochNs !== 'string' || !/^\d{1,19}$/.test(epochNs)) return undefined;
  return { timeNs, epochNs: BigInt(epochNs), uncertaintyNs };
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function quoted(value: unknown): string {
  // JSON.stringify throws for a value that is nested very deep.
  if (typeof value === 'object' && value !== null) return shown(value);
  return JSON.stringify(value)?.slice(0, maxQuoted) ?? 'undefined';
}

function tightestAnchor(clock: Clock): ClockAnchor {
  const anchors = Array.from({ length: anchorReadings }, () => clock.anchor());
  return anchors.reduce((best, next) => (next.uncertaintyNs < best.uncertaintyNs ? next : best));
}
