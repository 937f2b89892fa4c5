import { counted, type Received } from '@benchlab-otel/analysis';
import type { RunningProcess } from '../loss/runningProcesses.ts';
import { wasOrWere, wereClosed } from './troubles.ts';

/** A process in a sentence. */
export function processText({ name, pid }: RunningProcess): string {
  return `${name}, process ${pid}`;
}

/** Processes that a note names. */
const maxProcesses = 5;

/** Daemons: they are left alone, because they may be meant to stay. */
export function backgroundOf(processes: readonly RunningProcess[]): string[] {
  if (processes.length === 0) return [];
  const more = processes.length > maxProcesses ? ` and ${processes.length - maxProcesses} more` : '';
  const names = processes.slice(0, maxProcesses).map(processText).join('; ');
  return [`the command went on in the background (${names}${more}): what it does from now on is not in this report`];
}

/** Metrics and logs that were dropped change no figure of the report. */
export function droppedOf({ droppedMetricPoints, droppedLogRecords }: Received): string[] {
  const dropped = [
    ...(droppedMetricPoints > 0 ? [counted(droppedMetricPoints, 'data point')] : []),
    ...(droppedLogRecords > 0 ? [counted(droppedLogRecords, 'log record')] : []),
  ];
  return dropped.length === 0 ? [] : [`the oldest ${dropped.join(' and ')} beyond the bounds were dropped`];
}

/** Any program of the host can make them: they change neither a verdict nor the exit code. */
export function closedStrangersOf(connections: number): string[] {
  return connections === 0 ? [] : [wereClosed(connections, 'connection', ' that had sent no header of this run')];
}

/** They come from other programs: they change neither a verdict nor the exit code. */
export function strangersOf({ strangerRequests }: Received): string[] {
  if (strangerRequests === 0) return [];
  const were = `${counted(strangerRequests, 'OTLP request')} without the header of this run ${wasOrWere(strangerRequests)}`;
  return [`${were} not taken: a program sends it when it reads OTEL_EXPORTER_OTLP_HEADERS`];
}
