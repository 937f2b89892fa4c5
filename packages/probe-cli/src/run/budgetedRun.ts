import { randomUUID } from 'node:crypto';
import { isRelative, parseBudget } from '@benchlab-otel/analysis';
import type { OpenEventStream } from '@benchlab-otel/node';
import { exitCode } from '../command/exitCode.ts';
import type { NamedBaseline } from '../compare/comparedPrograms.ts';
import { type ComparisonOptions, type ComparisonRequest, comparisonRequest } from '../compare/comparisonRequest.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { type OutputOptions, prepareOutputs } from '../outputs/outputs.ts';
import { expectedFile } from '../presence/expectedFile.ts';
import { RunView } from '../presence/runView.ts';
import { saveTelemetry } from '../presence/saveTelemetry.ts';
import { withFile } from '../presence/withFile.ts';
import { exitCodeOfRun, type RunResult } from '../report/result.ts';
import { readCalibration } from './calibrationFile.ts';
import { type MeasuredRunOptions, measuredRun } from './measuredRun.ts';
import { openMeter, refuseSimulated } from './openMeter.ts';
import { prepareOutputFile } from './outputFile.ts';
import { durationIn, showProgress } from './progress.ts';
import { component, emitResult, programOf } from './runEvents.ts';

export interface RunOptions extends OutputOptions, ComparisonOptions {
  readonly port: readonly string[];
  readonly simulate?: boolean;
  readonly allowSimulated?: boolean;
  readonly assumeFirmware?: number;
  /** False polls boards on time. */
  readonly dither: boolean;
  /** Take the samples from an agent: at this socket, or at the default socket. */
  readonly agent?: string | true;
  /** Measure the bench at rest for this many ms before the program starts. */
  readonly idle?: number;
  /** A file that states what is known of the meter. */
  readonly calibration?: string;
  readonly budget: readonly string[];
  /** Without a span, the run is undecided. */
  readonly expectSpans?: boolean;
  /** A file of expectations; true for the one of the default name. */
  readonly expect?: string | true;
  /** Where the received telemetry is written. */
  readonly save?: string;
  readonly telemetryOut?: string;
}

/** Runs a program with its bench read and its budgets judged. A wrong request is refused before the program starts. */
export async function budgetedRun(host: CommandHost, given: RunOptions, command: readonly string[]): Promise<number> {
  const { terminal } = host;
  const expected = await expectedFile(given.expect);
  const options = expected === undefined ? given : withFile(given, expected);
  const request = comparisonRequest(options);
  const budgets = [
    ...options.budget.filter((text) => !isRelative(text)).map(parseBudget),
    ...(expected?.budgets ?? []),
  ];
  const limits = { budgets, request };
  if (options.simulate) refuseSimulated(limits, options);
  // What only some runs need is loaded by them: a run of a short program takes little longer than the program.
  const baseline = request && (await named(request, command, host));
  const calibration = options.calibration === undefined ? undefined : await readCalibration(options.calibration);
  const outputs = await prepareOutputs(options, host);
  const lastSeconds = options.json === undefined ? undefined : await durationIn(options.json);
  const save = options.save === undefined ? undefined : await prepareOutputFile(options.save, '--save');
  const stream = options.telemetryOut === undefined ? undefined : await openStream(options.telemetryOut);
  const board = options.simulate ? await emulatedBoard() : undefined;
  try {
    const ports = board === undefined ? options.port : [board.path];
    const meter = await openMeter(limits, { ...options, port: ports }, stream ? [stream.consumer] : [], terminal);
    const correlationId = randomUUID();
    try {
      const idle =
        options.idle !== undefined && 'history' in meter
          ? await (await import('./measuredIdle.ts')).measuredIdle(meter, options.idle / 1000, host)
          : undefined;
      stream?.events.emit({
        event: 'launch',
        context: { correlation_id: correlationId },
        diagnostics: { program: programOf(command) },
      });
      const isViewed = expected !== undefined || save !== undefined;
      const newView = () => (isViewed ? new RunView(expected?.expectations) : undefined);
      const settings = {
        command,
        budgets,
        allowSimulated: options.allowSimulated ?? false,
        expectSpans: options.expectSpans ?? false,
        onStarted: once(async () => {
          await Promise.all([outputs.started(), save?.clear()]);
        }),
        energy: { ...(idle === undefined ? {} : { idle }), ...(calibration === undefined ? {} : { calibration }) },
        meter: 'history' in meter ? meter : undefined,
        newView,
        notes: 'note' in meter ? [meter.note] : [],
      };
      const measured =
        request === undefined || baseline === undefined
          ? await singleRun(host, settings, lastSeconds)
          : await (await import('../compare/comparedRun.ts')).comparedRun(host, {
              ...settings,
              request,
              baseline,
              save: outputs.save,
            });
      if (measured === undefined) {
        terminal.err('benchlab-probe: a signal ended the comparison before its first run\n');
        return exitCode.inconclusive;
      }
      const { telemetry } = measured;
      const unsaved =
        save === undefined || telemetry === undefined ? [] : await saveTelemetry(save, telemetry, terminal);
      const result = { ...measured, troubles: [...measured.troubles, ...unsaved] };
      if (stream) emitResult(stream.events, result, correlationId);
      return exitCodeOfRun(await outputs.write(result));
    } finally {
      if ('stop' in meter) await meter.stop();
    }
  } finally {
    await stream?.close();
    await board?.close();
  }
}

async function openStream(path: string): Promise<OpenEventStream> {
  const { openEventStream } = await import('@benchlab-otel/node');
  return openEventStream(path, { component, from: '--telemetry-out' });
}

async function named(
  request: ComparisonRequest,
  command: readonly string[],
  host: CommandHost,
): Promise<NamedBaseline> {
  const { namedBaseline } = await import('../compare/comparedPrograms.ts');
  return namedBaseline(request, command, host);
}

async function emulatedBoard() {
  const { emulateBoard, hostLoadBench } = await import('@benchlab-otel/emulator');
  return emulateBoard({ bench: hostLoadBench() });
}

interface SingleRunSettings extends Omit<MeasuredRunOptions, 'host' | 'wanted'> {
  /** Undefined where only spans are wanted. */
  readonly newView: () => RunView | undefined;
}

/** One program, with its progress on standard error. */
async function singleRun(
  host: CommandHost,
  { newView, ...settings }: SingleRunSettings,
  lastSeconds: number | undefined,
): Promise<RunResult> {
  const progress = showProgress(host, lastSeconds);
  const view = newView();
  const wanted = view === undefined ? {} : { wanted: view };
  try {
    const result = await measuredRun({ ...settings, ...wanted, host, onSpans: ({ length }) => progress.add(length) });
    return view === undefined ? result : view.judged(result);
  } finally {
    progress.end();
  }
}

/** The file of an earlier run goes when the first program starts; what this run has written by then stays. */
function once(task: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= task();
    return done;
  };
}
