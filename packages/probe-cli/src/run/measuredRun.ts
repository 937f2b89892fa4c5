import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type {
  Budget,
  Judgement,
  Lost,
  Observed,
  Received,
  ReceivedMetricPoint,
  ReceivedSpan,
} from '@benchlab-otel/analysis';
import { counted, judge, noSpanCauses, SeriesRecorder, spanLoss } from '@benchlab-otel/analysis';
import type { CommandHost } from '../host/commandHost.ts';
import { environmentNote } from '../loss/environmentNote.ts';
import { type ProcessMarks, runningProcesses } from '../loss/runningProcesses.ts';
import { makeUnsentFile } from '../loss/unsentFile.ts';
import { type PagePort, pagePort } from '../observe/pagePort.ts';
import { type PageWatch, watchPage } from '../observe/pageWatch.ts';
import type { WantedObservation } from '../observe/wantedObservation.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../otlp/otlpReceiver.ts';
import { lostOf } from '../presence/lostOf.ts';
import type { RunResult } from '../report/result.ts';
import { startChild } from './child.ts';
import { childEnvironment } from './childEnvironment.ts';
import { forwardSignals } from './forwardSignals.ts';
import { type EnergySettings, measuredOperations } from './measuredOperations.ts';
import type { Meter } from './meter.ts';
import { backgroundOf, closedStrangersOf, droppedOf, processText, strangersOf } from './notes.ts';
import { waitForQuiet } from './quiet.ts';
import { closedOf, lossesOfMeters, lossesOfProgram, quietTimeoutMs, troublesOf } from './troubles.ts';

export interface MeasuredRunOptions {
  readonly command: readonly string[];
  readonly host: Pick<CommandHost, 'environment' | 'clock' | 'signals' | 'input' | 'childOutput'>;
  /** The folder that the command starts in. Default: ours. */
  readonly folder?: string | undefined;
  readonly meter?: Meter | undefined;
  readonly energy?: EnergySettings;
  readonly budgets?: readonly Budget[];
  readonly allowSimulated?: boolean;
  /** Without a span, the run is undecided. */
  readonly expectSpans?: boolean;
  readonly notes?: readonly string[];
  /** Called once, when the program has started. */
  readonly onStarted?: (() => Promise<void>) | undefined;
  /** Called with the spans of each request as it arrives. */
  readonly onSpans?: (spans: readonly ReceivedSpan[]) => void;
  /** Called with the data points of each request as it arrives. */
  readonly onMetricPoints?: (points: readonly ReceivedMetricPoint[]) => void;
  /** The metrics page, metrics and log lines of the program are wanted, too. */
  readonly wanted?: WantedObservation;
}

// What a child sent before its exit is in our sockets then. This time is for reading it, and for the last export of a
// process that the child started.
const quietMs = 150;
// The estimate of a span's energy needs the samples around its end.
const periodsAfter = 2;
const lastSampleTimeoutMs = 1_000;

/** Runs a program that sends its OTLP here while the bench is read, and judges the result. */
export async function measuredRun(options: MeasuredRunOptions): Promise<RunResult> {
  const { environment, clock, signals, input, childOutput } = options.host;
  const { wanted } = options;
  const page: PagePort = wanted === undefined ? {} : await pagePort(environment);
  const [traceId, runSpanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  const recorder = new SeriesRecorder({ sinceNs: clock.nowNs(), fromStart: true });
  const otlp = await startOtlpReceiver({
    clock,
    runSpanId,
    ...(options.onSpans === undefined ? {} : { onSpans: options.onSpans }),
    onMetricPoints(points) {
      recorder.addPoints(points);
      options.onMetricPoints?.(points);
    },
  });
  const observed = (): Observed => ({
    series: recorder.series,
    spans: otlp.store.spans,
    logs: otlp.store.logRecords,
  });
  // Kept to the end: without it, an impatient Ctrl-C would cost the report, and there is little left to wait for.
  let stopForwarding: (() => void) | undefined;
  let watch: PageWatch | undefined;
  const unsentFile = makeUnsentFile();
  try {
    const startedAt = isoTime(clock);
    const startedNs = clock.nowNs();
    const ofChild = childEnvironment(environment, otlp, {
      traceparent: `00-${traceId}-${runSpanId}-01`,
      metricsAndLogs: wanted !== undefined,
      unsentFile: unsentFile.path,
      ...(page.port === undefined ? {} : { pagePort: page.port }),
    });
    const child = await startChild(options.command, {
      environment: ofChild,
      folder: options.folder,
      output: childOutput,
      ownGroup: !input.isTerminal,
    });
    stopForwarding = forwardSignals(child, { signals, clock, atTerminal: input.isTerminal });
    if (wanted !== undefined && page.port !== undefined) {
      const url = `http://127.0.0.1:${page.port}/metrics`;
      // Without the number: the runs of a comparison have one port each, and their notes are the same.
      const place = 'the port of the program (PROMETHEUS_PORT)';
      watch = watchPage({ url, place, clock, recorder, isSatisfied: () => wanted.satisfied(observed()) });
    }
    await options.onStarted?.();
    const exit = await child.exited;
    const durationSeconds = (clock.nowNs() - startedNs) * 1e-9;
    await watch?.stop();
    const marks = { leader: child.pid, mark: otlp.header };
    const isOver = await nothingCanCome(marks, otlp);
    const lastActivityNs = () => otlp.lastActivityNs;
    const quiet = isOver || (await waitForQuiet({ clock, lastActivityNs, quietMs, timeoutMs: quietTimeoutMs }));
    const running = isOver ? [] : runningProcesses(marks);
    // Those that are not there any more have ended by themselves.
    const leftBehind = child.endLeftBehind() && (running?.some(({ isInGroup }) => isInGroup) ?? true);
    const background = (running ?? []).filter(({ isInGroup }) => !(leftBehind && isInGroup));
    await sampleBeyond(otlp.store.spans, options.meter);

    const { received, spans, metricPoints } = otlp.store;
    const unsent = unsentFile.read();
    const loss = spanLoss({ spans, metricPoints, received, environment: ofChild, unsentSpans: unsent.spans });
    const meters = options.meter?.watch.meters ?? [];
    const { operations, notes } = measuredOperations(spans, options.meter, options.energy);
    const { idle, calibration } = options.energy ?? {};
    wanted?.ended?.(observed());
    const environmentText = environmentNote(environment, ofChild);
    const evidence = {
      operations,
      missingSpans: received.droppedSpans + received.invalidSpans,
      refusedRequests: received.refusedSpanRequests,
      loss,
      runSeconds: durationSeconds,
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
      loss,
      ...(spans.length > 0
        ? {}
        : {
            noSpanCauses: noSpanCauses({
              received,
              environment: ofChild,
              background: background.map(processText),
              ...(exit.signal === undefined ? {} : { signal: exit.signal }),
              ...(loss.acknowledged === undefined ? {} : { acknowledged: loss.acknowledged }),
            }),
          }),
      operations,
      verdicts: (options.budgets ?? []).map((budget) => judge(budget, evidence)),
      ...(options.expectSpans
        ? { judgements: [anySpan(received, lostOf({ received, loss, observed: observed() }))] }
        : {}),
      troubles: [
        ...lossesOfMeters(meters),
        ...troublesOf(received, quiet),
        ...lossesOfProgram(loss, observed()),
        ...closedOf(otlp.closedProven),
      ],
      notes: [
        ...(options.notes ?? []),
        ...(environmentText === undefined ? [] : [environmentText]),
        ...(loss.sampling === undefined ? [] : [`counts are of a part: ${loss.sampling}`]),
        ...(leftBehind ? ['the command left processes running; they were sent SIGTERM'] : []),
        ...backgroundOf(background),
        ...droppedOf(received),
        ...unsent.notes,
        ...recorder.losses,
        ...(page.note === undefined ? [] : [page.note]),
        ...(watch?.notes ?? []),
        ...strangersOf(received),
        ...closedStrangersOf(otlp.closedUnproven),
        ...notes,
      ],
    };
  } finally {
    stopForwarding?.();
    await watch?.stop();
    unsentFile.remove();
    await otlp.close();
  }
}

/**
 * Whether no process of the run is left, and all that they sent was taken: then waiting has no use. A connection that was made just
 * before the end waits in the kernel, and is accepted within a turn of the event loop; the kernel closes those of a process
 * before the process counts as ended. False where the system does not show processes.
 */
async function nothingCanCome(marks: ProcessMarks, otlp: OtlpReceiver): Promise<boolean> {
  if (runningProcesses(marks)?.length !== 0) return false;
  for (let turn = 0; turn < turnsToTake; turn++) await setImmediate();
  return otlp.isIdle;
}

/** Turns of the event loop in which connections are accepted, read and closed: three, and some for larger requests. */
const turnsToTake = 10;

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

/** `--expect-spans`: absent is not a pass. */
function anySpan({ spans }: Received, lost: Lost): Judgement {
  const question = {
    kind: 'presence',
    name: 'any span',
    observed: counted(spans, 'span'),
    limit: 'at least 1 span',
    n: spans,
  } as const;
  if (spans > 0) return { ...question, outcome: 'pass' };
  if (lost.spans === undefined) return { ...question, outcome: 'inconclusive', reason: 'no span arrived' };
  const reason = `no span arrived; ${lost.spans}`;
  return { ...question, outcome: 'inconclusive', telemetryIsMissing: true, reason };
}
