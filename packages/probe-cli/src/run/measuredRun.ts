import type { Budget, Received, ReceivedSpan } from '@benchlab-otel/analysis';
import { counted, judge, measureSpans, type OperationSummary, summariseOperations } from '@benchlab-otel/analysis';
import { type Clock, systemClock } from '@benchlab-otel/core';
import { startOtlpReceiver } from '../otlp/otlpReceiver.ts';
import { type ChildOptions, startChild } from './child.ts';
import { childEnvironment } from './childEnvironment.ts';
import { forwardSignals } from './forwardSignals.ts';
import type { Meter } from './meter.ts';
import type { MeterSummary } from './meterWatch.ts';
import { waitForQuiet } from './quiet.ts';
import type { RunResult } from './result.ts';

export interface MeasuredRunOptions {
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly meter?: Meter;
  readonly budgets?: readonly Budget[];
  readonly allowSimulated?: boolean;
  readonly notes?: readonly string[];
  readonly output?: ChildOptions['output'];
  readonly clock?: Clock;
  /** Called with the spans of each request as it arrives. */
  readonly onSpans?: (spans: readonly ReceivedSpan[]) => void;
}

// What a child sends before it exits is in our sockets when it has; this is for reading it, and for the last export of
// a process it started.
const QUIET_MS = 150;
const QUIET_TIMEOUT_MS = 5_000;
// The estimate of a span's energy needs the samples around its end.
const PERIODS_AFTER = 2;
const LAST_SAMPLE_TIMEOUT_MS = 1_000;

/** Runs a program with its OTLP pointed here and its bench read, and judges what came of it. */
export async function measuredRun(options: MeasuredRunOptions): Promise<RunResult> {
  const clock = options.clock ?? systemClock;
  const otlp = await startOtlpReceiver({
    clock,
    ...(options.onSpans === undefined ? {} : { onSpans: options.onSpans }),
  });
  // Held to the end: an impatient Ctrl-C would cost the report, and there is little left to wait for.
  let stopForwarding: (() => void) | undefined;
  try {
    const variables = childEnvironment(options.environment, otlp.endpoint);
    const startedAt = new Date().toISOString();
    const startedNs = clock.nowNs();
    const child = await startChild(options.command, {
      environment: variables,
      ...(options.output === undefined ? {} : { output: options.output }),
    });
    stopForwarding = forwardSignals(child, { clock });
    const exit = await child.exited;
    const durationSeconds = (clock.nowNs() - startedNs) * 1e-9;
    const quiet = await waitForQuiet({
      clock,
      lastActivityNs: () => otlp.store.lastActivityNs,
      quietMs: QUIET_MS,
      timeoutMs: QUIET_TIMEOUT_MS,
    });
    const leftBehind = child.endLeftBehind();
    await sampleBeyond(otlp.store.spans, options.meter);

    const { received, spans } = otlp.store;
    const meters = options.meter?.watch.meters ?? [];
    const operations = summarise(spans, options.meter);
    const evidence = {
      operations,
      missingSpans: received.droppedSpans + received.invalidSpans,
      metered: options.meter !== undefined,
      allowSimulated: options.allowSimulated ?? false,
    };
    return {
      command: options.command,
      startedAt,
      durationSeconds,
      child: exit,
      meters,
      received,
      operations,
      verdicts: (options.budgets ?? []).map((budget) => judge(budget, evidence)),
      troubles: [...lossesOf(meters), ...troublesOf(received, quiet)],
      notes: [
        ...(options.notes ?? []),
        ...(leftBehind ? ['the command left processes running; they were told to end (SIGTERM)'] : []),
      ],
    };
  } finally {
    stopForwarding?.();
    await otlp.close();
  }
}

/** Operations of the spans so far with the energy that is known so far. */
export function summarise(spans: readonly ReceivedSpan[], meter: Meter | undefined): readonly OperationSummary[] {
  const energies = meter === undefined ? [] : measureSpans(spans, meter.history);
  return summariseOperations(spans, energies);
}

async function sampleBeyond(spans: readonly ReceivedSpan[], meter: Meter | undefined): Promise<void> {
  if (meter === undefined || spans.length === 0) return;
  const lastEndNs = spans.reduce((latest, span) => Math.max(latest, span.endNs), 0);
  const periodsNs = meter.history.sources.map(({ id }) => meter.history.periodNs(id) ?? 0);
  const beyondNs = lastEndNs + PERIODS_AFTER * Math.max(0, ...periodsNs);
  await meter.watch.waitFor(beyondNs, LAST_SAMPLE_TIMEOUT_MS);
}

/** A board that was lost is trouble even when it came back: what it drew meanwhile nobody knows. */
function lossesOf(meters: readonly MeterSummary[]): string[] {
  return meters
    .filter(({ losses }) => losses > 0)
    .map(({ name, losses, lastLoss }) => `${name} was lost ${counted(losses, 'time')} during the run: ${lastLoss}`);
}

function troublesOf(received: Received, quiet: boolean): string[] {
  return [
    ...(quiet
      ? []
      : [`telemetry still came ${QUIET_TIMEOUT_MS / 1000} s after the command had exited; it is incomplete`]),
    ...(received.refusedRequests > 0
      ? [
          `${counted(received.refusedRequests, 'OTLP request')} ${wasOrWere(received.refusedRequests)} refused as malformed or too large`,
        ]
      : []),
    ...(received.droppedSpans > 0
      ? [
          `${counted(received.droppedSpans, 'span')} beyond the bound of ${received.spans} ${wasOrWere(received.droppedSpans)} dropped`,
        ]
      : []),
    ...(received.invalidSpans > 0 ? [`${counted(received.invalidSpans, 'span')} had no id or no usable time`] : []),
  ];
}

function wasOrWere(count: number): string {
  return count === 1 ? 'was' : 'were';
}
