import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { RedactedScopes } from './redactedScopes.ts';
import type { Redactor } from './redactor.ts';

type LogAttributes = ReadableLogRecord['attributes'];

/** A copy of a log record as it may leave the process. Its resource was redacted when it was made. */
export function redactedLogRecord(
  record: ReadableLogRecord,
  redactor: Redactor,
  scopes: RedactedScopes,
): ReadableLogRecord {
  const { hrTime, hrTimeObserved, spanContext, severityText, severityNumber, body, eventName, resource } = record;
  const left = body === undefined ? undefined : redactor.value(body, 'log.body');
  return {
    hrTime,
    hrTimeObserved,
    resource,
    instrumentationScope: scopes.of(record.instrumentationScope),
    attributes: redactor.entries(record.attributes) as LogAttributes, // JSON values stay JSON values
    droppedAttributesCount: record.droppedAttributesCount,
    ...(spanContext && { spanContext }),
    ...(severityText !== undefined && { severityText: redactor.text(severityText, 'log.severity') }),
    ...(severityNumber !== undefined && { severityNumber }),
    ...(left !== undefined && { body: left as NonNullable<ReadableLogRecord['body']> }),
    ...(eventName !== undefined && { eventName: redactor.text(eventName, 'event.name') }),
  };
}

const hex = /^[0-9a-f]+$/;

/** Fields that programs find lines by, and the form that they must have to stay as they are. */
const forms: Readonly<Record<string, RegExp>> = {
  level: /^[a-z]{1,10}$/i,
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  trace_id: hex,
  span_id: hex,
  trace_flags: hex,
  'context.trace_id': hex,
  'context.span_id': hex,
};
const hexLengths: Readonly<Record<string, number>> = {
  trace_id: 32,
  span_id: 16,
  trace_flags: 2,
  'context.trace_id': 32,
  'context.span_id': 16,
};

/** Whether a field of a log line or an event belongs to the telemetry itself. */
function isOwnField(name: string, value: unknown): boolean {
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (form === undefined || typeof value !== 'string') return false;
  return form.test(value) && (hexLengths[name] ?? value.length) === value.length;
}

/** These texts of a line are its body and its event: a list of allowed names does not know them. */
const places: Readonly<Record<string, string>> = { msg: 'log.body', event: 'event.name', component: 'log.component' };

/**
 * A log line as it may be written: JSON of an object is redacted by its fields, and any other text as a whole. Undefined
 * where nothing of it may leave.
 */
export function redactedLine(line: string, redactor: Redactor): string | undefined {
  const end = line.endsWith('\n') ? '\n' : '';
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    const text = redactor.value(end === '' ? line : line.slice(0, -1), 'log.line');
    return text === undefined ? undefined : String(text) + end;
  }
  return JSON.stringify(redactedFields(parsed, redactor)) + end;
}

/** The fields of a line or of an event. */
export function redactedFields(fields: unknown, redactor: Redactor): unknown {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return redactor.value(fields, 'log.line');
  const given = fields as Readonly<Record<string, unknown>>;
  const result = redactor.entries(given, (name, value) => isOwnField(name, value) || Object.hasOwn(places, name));
  for (const [name, place] of Object.entries(places)) {
    if (!Object.hasOwn(given, name)) continue;
    const value = given[name];
    // Lines and events without a name cannot be found: a line without a message can.
    const isKept = typeof value === 'string' && name !== 'msg';
    const left = isKept ? redactor.text(value, place) : redactor.value(value, place);
    if (left === undefined) delete result[name];
    else result[name] = left;
  }
  return result;
}
