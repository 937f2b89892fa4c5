import type { Budget, Received, ReceivedMetricPoint, ReceivedSpan } from '@benchlab-otel/analysis';
import { counted, judge } from '@benchlab-otel/analysis';
import type { CommandHost } from '../host/commandHost.ts';
import { maxConnections } from '../otlp/limits.ts';
import { startOtlpReceiver } from '../otlp/otlpReceiver.ts';
import type { MeterSummary, RunResult } from '../report/result.ts';
import { startChild } from './child.ts';
import { childEnvironment } from './childEnvironment.ts';
import { forwardSignals } from './forwardSignals.ts';
import { type EnergySettings, measuredOperations } from './measuredOperations.ts';
import type { Meter } from './meter.ts';
import { waitForQuiet } from './quiet.ts';

export interface MeasuredRunOptions {
  readonly command: readonly string[];
  readonly host: Pick<CommandHost, 'environment' | 'clock' | 'signals' | 'input' | 'childOutput'>;
  /** The folder that the command starts in. Default: ours. */
  readonly folder?: string | undefined;
  readonly meter?: Meter | undefined;
  readonly energy?: EnergySettings;
  readonly budgets?: readonly Budget[];
  readonly allowSimulated?: boolean;
  readonly notes?: readonly string[];
  /** Called once, when the program has started. */
  readonly onStarted?: (() => Promise<void>) | undefined;
  /** Called with the spans of each request as it arrives. */
  readonly onSpans?: (spans: readonly ReceivedSpan[]) => void;
  /** Called with the data points of each request as it arrives. */
  readonly onMetricPoints?: (points: readonly ReceivedMetricPoint[]) => void;
}

// What a child sent before its exit is in our sockets then. This time is for reading it, and for the last export of a
// process that the child started.
const quietMs = 150;
const quietTimeoutMs = 5_000;
// The estimate of a span's energy needs the samples around its end.
const periodsAfter = 2;
const lastSampleTimeoutMs = 1_000;

/** Runs a program that sends its OTLP here while the bench is read, and judges the result. */
export async function measuredRun(options: MeasuredRunOptions): Promise<RunResult> {
  const { environment, clock, signals, input, childOutput } = options.host;
  const otlp = await startOtlpReceiver({
    clock,
    ...(options.onSpans === undefined ? {} : { onSpans: options.onSpans }),
    ...(options.onMetricPoints === undefined ? {} : { onMetricPoints: options.onMetricPoints }),
  });
  // Kept to the end: without it, an impatient Ctrl-C would cost the report, and there is little left to wait for.
  let stopForwarding: (() => void) | undefined;
  try {
    const startedAt = isoTime(clock);
    const startedNs = clock.nowNs();
    const child = await startChild(options.command, {
      environment: childEnvironment(environment, otlp),
      folder: options.folder,
      output: childOutput,
      ownGroup: !input.isTerminal,
    });
    stopForwarding = forwardSignals(child, { signals, clock, atTerminal: input.isTerminal });
    await options.onStarted?.();
    const exit = await child.exited;
    const durationSeconds = (clock.nowNs() - startedNs) * 1e-9;
    const quiet = await waitForQuiet({
      clock,
      lastActivityNs: () => otlp.lastActivityNs,
      quietMs,
      timeoutMs: quietTimeoutMs,
    });
    const leftBehind = child.endLeftBehind();
    await sampleBeyond(otlp.store.spans, options.meter);

    const { received, spans } = otlp.store;
    const meters = options.meter?.watch.meters ?? [];
    const { operations, notes } = measuredOperations(spans, options.meter, options.energy);
    const { idle, calibration } = options.energy ?? {};
    const evidence = {
      operations,
      missingSpans: received.droppedSpans + received.invalidSpans,
      refusedRequests: received.refusedSpanRequests,
      metered: options.meter !== undefined,
      allowSimulated: options.allowSimulated ?? false,
    };
    return {
      command: options.command,
      startedAt,
      durationSeconds,
      child: exit,
      meters,
      ...(idle === undefined ? {} : { idle }),
      ...(calibration === undefined ? {} : { calibration: calibration.source }),
      received,
      operations,
      verdicts: (options.budgets ?? []).map((budget) => judge(budget, evidence)),
      troubles: [...lossesOf(meters), ...troublesOf(received, quiet), ...closedOf(otlp.closedProven)],
      notes: [
        ...(options.notes ?? []),
        ...(leftBehind ? ['the command left processes running; they were sent SIGTERM'] : []),
        ...droppedOf(received),
        ...strangersOf(received),
        ...closedStrangersOf(otlp.closedUnproven),
        ...notes,
      ],
    };
  } finally {
    stopForwarding?.();
    await otlp.close();
  }
}

/** Now, as ISO 8601 in UTC. */
function isoTime(clock: CommandHost['clock']): string {
  return new Date(Number(clock.anchor().epochNs / 1_000_000n)).toISOString();
}

/** Waits for the samples that the energy of the last span needs. */
async function sampleBeyond(spans: readonly ReceivedSpan[], meter: Meter | undefined): Promise<void> {
  if (meter === undefined || spans.length === 0) return;
  const lastEndNs = spans.reduce((latest, span) => Math.max(latest, span.endNs), 0);
  const periodsNs = meter.history.sources.map(({ id }) => meter.history.periodNs(id) ?? 0);
  const beyondNs = lastEndNs + periodsAfter * Math.max(0, ...periodsNs);
  await meter.watch.waitFor(beyondNs, lastSampleTimeoutMs);
}

/** A board that was lost is trouble even when it came back: its power in between is unknown. */
function lossesOf(meters: readonly MeterSummary[]): string[] {
  return meters
    .filter(({ losses }) => losses > 0)
    .map(({ name, losses, lastLoss }) => `${name} was lost ${counted(losses, 'time')} during the run: ${lastLoss}`);
}

function troublesOf(received: Received, quiet: boolean): string[] {
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

/** Metrics and logs that were dropped change no figure of the report. */
function droppedOf({ droppedMetricPoints, droppedLogRecords }: Received): string[] {
  const dropped = [
    ...(droppedMetricPoints > 0 ? [counted(droppedMetricPoints, 'data point')] : []),
    ...(droppedLogRecords > 0 ? [counted(droppedLogRecords, 'log record')] : []),
  ];
  return dropped.length === 0 ? [] : [`the oldest ${dropped.join(' and ')} beyond the bounds were dropped`];
}

/** Connections of the program: requests may have been lost with them. */
function closedOf(connections: number): string[] {
  return connections === 0 ? [] : [wereClosed(connections, 'OTLP connection')];
}

/** Any program of the host can make them: they change neither a verdict nor the exit code. */
function closedStrangersOf(connections: number): string[] {
  return connections === 0 ? [] : [wereClosed(connections, 'connection', ' that had sent no header of this run')];
}

function wereClosed(connections: number, noun: string, which = ''): string {
  const were = `${counted(connections, noun)}${which} ${wasOrWere(connections)}`;
  return `${were} closed because more than ${maxConnections} were open`;
}

/** They come from other programs: they change neither a verdict nor the exit code. */
function strangersOf({ strangerRequests }: Received): string[] {
  if (strangerRequests === 0) return [];
  const were = `${counted(strangerRequests, 'OTLP request')} without the header of this run ${wasOrWere(strangerRequests)}`;
  return [`${were} not taken: a program sends it when it reads OTEL_EXPORTER_OTLP_HEADERS`];
}

function wasOrWere(count: number): string {
  return count === 1 ? 'was' : 'were';
}
