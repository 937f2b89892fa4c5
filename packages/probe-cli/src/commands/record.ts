import { fstatSync, type Stats, statSync } from 'node:fs';
import { StagePairs, type WantedPair } from '@benchlab-otel/analysis';
import { BenchlabError, type StageSource, systemClock } from '@benchlab-otel/core';
import { gstStages } from '@benchlab-otel/hw-receivers';
import { jsonlStages, LineFile } from '@benchlab-otel/wire';
import { exitCode } from '../exitCode.ts';
import { Recording } from '../record/recording.ts';
import { recordingReport } from '../record/recordingReport.ts';
import type { Terminal } from './terminal.ts';
import { uninterrupted, untilSignalOr } from './until.ts';

export interface RecordOptions {
  readonly out: string;
  /** Stages to compare; neighbours otherwise. */
  readonly pair: readonly WantedPair[];
  /** Ends it after this, ms. */
  readonly for?: number;
}

export interface RecordGstOptions extends RecordOptions {
  readonly stage: readonly string[];
  /** A V4L2 device to capture from. */
  readonly device?: string;
}

/** `benchlab-probe record gst`: runs a GStreamer pipeline and writes when each frame was at its named elements. */
export async function recordGst(
  pipeline: readonly string[],
  { stage, device, ...options }: RecordGstOptions,
  terminal: Terminal,
): Promise<number> {
  const source = gstStages({
    pipeline: device === undefined ? pipeline : capture(device, pipeline),
    ...(stage.length === 0 ? {} : { stages: stage }),
  });
  const fix = 'Give an element a name (identity name=ingress), or name one with --stage, and see that frames flow.';
  return record(source, options, terminal, fix);
}

/** `benchlab-probe record stages`: writes the stage events of another program. */
export async function recordStages(from: string, options: RecordOptions, terminal: Terminal): Promise<number> {
  const input = from === '-' ? fstatSync(0) : statSync(from, { throwIfNoEntry: false });
  return record(jsonlStages({ from }), options, terminal, 'See that the program writes there.', input);
}

/** Without a frame for so long people are told, who may wait for what never comes, ms. */
const quietMs = 10_000;

/** Frames of a camera as `ingress`; without a pipeline of the user's own, encoded as they come. */
function capture(device: string, pipeline: readonly string[]): readonly string[] {
  const rest =
    pipeline.length > 0 ? pipeline : 'videoconvert ! x264enc tune=zerolatency name=encoded ! fakesink'.split(' ');
  return ['v4l2src', `device=${device}`, '!', 'identity', 'name=ingress', '!', ...rest];
}

async function record(
  source: StageSource,
  options: RecordOptions,
  terminal: Terminal,
  fix: string,
  input?: Stats,
): Promise<number> {
  const file = new LineFile(options.out, '--out');
  if (file.isSameAs(input)) {
    file.close();
    const what = `--out ${options.out} is also what is read.`;
    throw new BenchlabError('BAD_OPTION', what, 'Write into another file.');
  }
  const ending = untilSignalOr(options.for);
  let failure: unknown;
  const ended = (error?: unknown) => {
    failure ??= error;
    ending.end();
  };
  const recording = new Recording({ file, clock: systemClock, pairs: new StagePairs(options.pair), ended });
  const quiet = setTimeout(() => {
    if (recording.events === 0)
      terminal.err(`No frame was seen for ${quietMs / 1000} s; it goes on until Ctrl-C. ${fix}\n`);
  }, quietMs);
  try {
    await source.start(recording);
    await ending.ended;
    await uninterrupted(() => source.stop());
  } finally {
    clearTimeout(quiet);
    ending.end();
    recording.close();
  }
  if (recording.events > 0) terminal.out(recordingReport(recording, options.out));
  if (failure !== undefined) throw failure;
  if (recording.events > 0) return exitCode.pass;
  const { rejection } = recording;
  const refused = rejection === undefined ? '' : ` Refused: ${rejection.count}; the last: ${rejection.reason}.`;
  throw new BenchlabError('NO_DEVICE', `No frame was seen at any stage.${refused}`, fix);
}
