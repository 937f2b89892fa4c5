import { correlationIdName } from '../enrich/correlation.ts';
import type { LogLine } from '../logs/lineTaps.ts';
import type { EventStream } from './eventStream.ts';

/** Makes events of log lines with an `event` key: `component` as in the line, its other fields as diagnostics. */
export function logEventTap(events: EventStream): (line: LogLine) => void {
  return (line) => {
    const { event, level, time, msg, pid, hostname, component, trace_id, span_id, trace_flags, ...others } = line;
    if (typeof event !== 'string' || component === 'opentelemetry') return;
    const { [correlationIdName]: _run, err, ...fields } = others;
    events.emit({
      event,
      ...(typeof time === 'string' && { timestamp: time }),
      ...(typeof component === 'string' && { component }),
      diagnostics: { level, ...(typeof msg === 'string' && { message: msg }), ...fields, ...errorOf(err) },
    });
  };
}

function errorOf(err: unknown): { error_type?: string; error_message?: string } {
  if (typeof err !== 'object' || err === null) return {};
  const { type, message } = err as Record<string, unknown>;
  return {
    ...(typeof type === 'string' && { error_type: type }),
    ...(typeof message === 'string' && { error_message: message }),
  };
}
