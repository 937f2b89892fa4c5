import { randomUUID } from 'node:crypto';
import { isRelative, parseBudget } from '@benchlab-otel/analysis';
import { BenchlabError } from '@benchlab-otel/core';
import { emulateBoard, hostLoadBench } from '@benchlab-otel/emulator';
import { type OpenEventStream, openEventStream } from '@benchlab-otel/node';
import { exitCode } from '../command/exitCode.ts';
import { namedBaseline } from '../compare/comparedPrograms.ts';
import { comparedRun } from '../compare/comparedRun.ts';
import { type ComparisonOptions, comparisonRequest } from '../compare/comparisonRequest.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { type OutputOptions, prepareOutputs } from '../outputs/outputs.ts';
import { expectedFile } from '../presence/expectedFile.ts';
import type { ProbeFile } from '../presence/probeFile.ts';
import { RunView } from '../presence/runView.ts';
import { saveTelemetry } from '../presence/saveTelemetry.ts';
import { withFile } from '../presence/withFile.ts';
import { exitCodeOfRun, type RunResult } from '../report/result.ts';
import { readCalibration } from './calibrationFile.ts';
import { measuredIdle } from './measuredIdle.ts';
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
  if (request !== undefined) refuseWithBaseline(options);
  const budgets = [
    ...options.budget.filter((text) => !isRelative(text)).map(parseBudget),
    ...(expected?.budgets ?? []),
  ];
  const limits = { budgets, request };
  if (options.simulate) refuseSimulated(limits, options);
  const baseline = request && (await namedBaseline(request, command, host));
  const calibration = options.calibration === undefined ? undefined : await readCalibration(options.calibration);
  const outputs = await prepareOutputs(options, host);
  const lastSeconds = options.json === undefined ? undefined : await durationIn(options.json);
  const save = options.save === undefined ? undefined : await prepareOutputFile(options.save, '--save');
  const stream = options.telemetryOut === undefined ? undefined : await openStream(options.telemetryOut);
  const board = options.simulate ? await emulateBoard({ bench: hostLoadBench() }) : undefined;
  try {
    const ports = board === undefined ? options.port : [board.path];
    const meter = await openMeter(limits, { ...options, port: ports }, stream ? [stream.consumer] : [], terminal);
    const correlationId = randomUUID();
    try {
      const idle =
        options.idle !== undefined && 'history' in meter
          ? await measuredIdle(meter, options.idle / 1000, host)
          : undefined;
      stream?.events.emit({
        event: 'launch',
        context: { correlation_id: correlationId },
        diagnostics: { program: programOf(command) },
      });
      const view = expected === undefined && save === undefined ? undefined : new RunView(expected?.expectations);
      const settings = {
        command,
        budgets,
        allowSimulated: options.allowSimulated ?? false,
        expectSpans: options.expectSpans ?? false,
        ...(view === undefined ? {} : { wanted: view }),
        onStarted: once(async () => {
          await Promise.all([outputs.started(), save?.clear()]);
        }),
        energy: { ...(idle === undefined ? {} : { idle }), ...(calibration === undefined ? {} : { calibration }) },
        meter: 'history' in meter ? meter : undefined,
        notes: [...('note' in meter ? [meter.note] : []), ...(expected === undefined ? [] : notComparedWith(expected))],
      };
      const measured =
        request === undefined || baseline === undefined
          ? await singleRun(host, settings, lastSeconds)
          : await comparedRun(host, { ...settings, request, baseline, save: outputs.save });
      if (measured === undefined) {
        terminal.err('benchlab-probe: a signal ended the comparison before its first run\n');
        return exitCode.inconclusive;
      }
      const judged = view === undefined ? measured : view.judged(measured);
      const unsaved =
        save === undefined || view === undefined ? [] : await saveTelemetry(save, view.observed, judged, terminal);
      const result = { ...judged, troubles: [...judged.troubles, ...unsaved] };
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

/** This command compares with nothing, and must not look as if it had. */
function notComparedWith({ path, baseline }: ProbeFile): readonly string[] {
  return baseline === undefined ? [] : [`${path} names a baseline, and this run was not compared with it`];
}

function openStream(path: string): Promise<OpenEventStream> {
  return openEventStream(path, { component, from: '--telemetry-out' });
}

/** One program, with its progress on standard error. */
function singleRun(
  host: CommandHost,
  settings: Omit<MeasuredRunOptions, 'host'>,
  lastSeconds: number | undefined,
): Promise<RunResult> {
  const progress = showProgress(host, lastSeconds);
  return measuredRun({ ...settings, host, onSpans: ({ length }) => progress.add(length) }).finally(() =>
    progress.end(),
  );
}

/** Which of many runs would be held against the expectations? */
function refuseWithBaseline({ expect, save }: RunOptions): void {
  const flag = expect !== undefined ? '--expect' : save !== undefined ? '--save' : undefined;
  if (flag === undefined) return;
  const fix = 'Compare in one command, and look at the telemetry of a single run in another one.';
  throw new BenchlabError('BAD_OPTION', `${flag} is about one run, and a comparison has many.`, fix);
}

/** The file of an earlier run goes when the first program starts; what this run has written by then stays. */
function once(task: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= task();
    return done;
  };
}
