import { logEventTap } from '../events/logEvents.ts';
import type { OtlpLogs } from '../logs/otlpLogs.ts';
import type { Running } from './teardown.ts';
import type { WithTraces } from './traces.ts';

/** The state of a start whose log lines leave the process where that was asked for. */
export interface WithLogs extends WithTraces {
  readonly logs: OtlpLogs | undefined;
}

/** Sends log lines over OTLP and to the event stream, each where it was asked for. */
export function startLogs(traced: WithTraces, running: Running): WithLogs {
  const { exports, resource, taps, selfMetrics, events, eventWriter } = traced;
  const logs = exports.logs?.start(resource);
  if (exports.logs && logs) {
    running.logs = logs;
    running.undo.push(exports.logs.register(logs));
    taps.add(logs.tap);
    selfMetrics.add(logs.queue);
  }
  if (eventWriter) taps.add(logEventTap(events));
  return { ...traced, logs };
}
