import type { StageEvent } from '@benchlab-otel/core';

/** First line of a recording; readers pass over it. */
export const stageSchema = 'benchlab-otel/stage-events';
export const stageSchemaVersion = 1;

/** Characters of a stage's or frame's name. */
const maxName = 128;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const control = /[\u0000-\u001f\u007f-\u009f]/;

/** What a line says; undefined for nothing: it is blank, or the header of a recording. */
export type StageLine = { readonly event: StageEvent } | { readonly reason: string } | undefined;

/** An event as one line of JSON, without its end and without its source, which is whoever reads it. */
export function formatStageLine({ timeNs, uncertaintyNs, stage, frameId, simulated }: StageEvent): string {
  return JSON.stringify({ timeNs, uncertaintyNs, stage, frameId, simulated });
}

/**
 * Reads one line in either of two forms; fields that nobody knows are passed over:
 * `{"timeNs":81234567890,"uncertaintyNs":0,"stage":"ingress","frameId":"17"}`, of which uncertainty and frame may be
 * absent, or `{"ts_ns":81234567890,"source":"pipeline","kv":{"stage":"ingress","frame_id":17}}`.
 *
 * Times are CLOCK_MONOTONIC in ns of this host, as all its programs can read it. What it refuses, it says why.
 */
export function parseStageLine(text: string, source: string): StageLine {
  if (text.trim() === '') return undefined;
  const line = parsed(text);
  if (line === undefined) return { reason: 'no JSON object' };
  if ('schema' in line) return headerLine(line);
  const isSeed = 'ts_ns' in line || 'kv' in line;
  const kv = isSeed ? (asRecord(line.kv) ?? {}) : line;
  const timeName = isSeed ? 'ts_ns' : 'timeNs';
  const timeNs = line[timeName];
  if (typeof timeNs !== 'number' || !(timeNs >= 0)) return { reason: `no "${timeName}" in nanoseconds` };
  if (timeNs > Number.MAX_SAFE_INTEGER) return { reason: `"${timeName}" is no CLOCK_MONOTONIC but the time of day` };
  const uncertaintyNs = line.uncertaintyNs ?? 0;
  if (!isDuration(uncertaintyNs)) return { reason: '"uncertaintyNs" is no number of nanoseconds' };
  const { stage } = kv;
  if (!isName(stage)) return { reason: isSeed ? 'no "stage" in "kv"' : 'no "stage"' };
  const frame = isSeed ? (kv.frame_id ?? kv.frame) : line.frameId;
  const frameId = typeof frame === 'number' && Number.isSafeInteger(frame) ? String(frame) : (frame ?? undefined);
  if (frameId !== undefined && !isName(frameId)) return { reason: `a frame without a name: a text or whole number is` };
  const { simulated = false } = line;
  if (typeof simulated !== 'boolean') return { reason: '"simulated" is neither true nor false' };
  const frameField = frameId === undefined ? {} : { frameId };
  return { event: { timeNs, uncertaintyNs, stage, ...frameField, source, ...(simulated ? { simulated } : {}) } };
}

function headerLine({ schema, version }: Record<string, unknown>): StageLine {
  if (schema === stageSchema && version === stageSchemaVersion) return undefined;
  return {
    reason: `schema ${JSON.stringify(schema)?.slice(0, maxName)} in version ${String(version).slice(0, 16)} is not known`,
  };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>) // any object may be asked for any name
    : undefined;
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maxName && !control.test(value);
}
