import { counted, lossOf, lossText, type Observed, type Received, type SpanLoss } from '@benchlab-otel/analysis';
import { maxConnections } from '../otlp/limits.ts';
import type { MeterSummary } from '../report/result.ts';

/** How long telemetry may still come after the end, ms. */
export const quietTimeoutMs = 5_000;

/** What harms the figures of what was received. */
export function troublesOf(received: Received, quiet: boolean): string[] {
  return [
    ...(quiet
      ? []
      : [`telemetry still came ${quietTimeoutMs / 1000} s after the command had exited; it is incomplete`]),
    ...refusedOf(received.refusedRequests - received.foreignRequests, 'as malformed or too large'),
    ...refusedOf(
      received.foreignRequests,
      'although they have the header of this run: they name another host or an Origin; send them to OTEL_EXPORTER_OTLP_ENDPOINT as it is',
    ),
    ...(received.droppedSpans > 0
      ? [
          `${counted(received.droppedSpans, 'span')} beyond the bound of ${received.spans} ${wasOrWere(received.droppedSpans)} dropped`,
        ]
      : []),
    ...(received.invalidSpans > 0 ? [`${counted(received.invalidSpans, 'span')} had no id or no usable time`] : []),
  ];
}

function refusedOf(requests: number, why: string): string[] {
  return requests === 0 ? [] : [`${counted(requests, 'OTLP request')} ${wasOrWere(requests)} refused ${why}`];
}

/** What the program itself counts as lost. */
export function lossesOfProgram(loss: SpanLoss, observed: Observed): string[] {
  const spans = lossText(loss);
  return [...(spans === undefined ? [] : [spans]), ...otherLosses(observed)];
}

/** Metrics and log records that the program itself counts as lost: what they show is of a part. */
function otherLosses(observed: Observed): string[] {
  return lossOf(observed)
    .filter(({ signal }) => signal !== 'spans')
    .map(({ signal, dropped, reason }) => `the program lost ${dropped} ${signal}: ${reason}`);
}

/** A board that was lost is trouble even when it came back: its power in between is unknown. */
export function lossesOfMeters(meters: readonly MeterSummary[]): string[] {
  return meters
    .filter(({ losses }) => losses > 0)
    .map(({ name, losses, lastLoss }) => `${name} was lost ${counted(losses, 'time')} during the run: ${lastLoss}`);
}

/** Connections of the program: requests may have been lost with them. */
export function closedOf(connections: number): string[] {
  return connections === 0 ? [] : [wereClosed(connections, 'OTLP connection')];
}

export function wereClosed(connections: number, noun: string, which = ''): string {
  const were = `${counted(connections, noun)}${which} ${wasOrWere(connections)}`;
  return `${were} closed because more than ${maxConnections} were open`;
}

export function wasOrWere(count: number): string {
  return count === 1 ? 'was' : 'were';
}
