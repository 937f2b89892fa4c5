import { type Stats, statSync } from 'node:fs';
import { StagePairs, type WantedPair } from '@benchlab-otel/analysis';
import { BenchlabError, type StageSource } from '@benchlab-otel/core';
import { gstStages } from '@benchlab-otel/hw-receivers';
import { jsonlStages, LineFile } from '@benchlab-otel/wire';
import { exitCode } from '../command/exitCode.ts';
import type { CommandEvents } from '../events/commandEvents.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { uninterrupted, untilSignalOr } from '../host/ending.ts';
import { Recording } from './recording.ts';
import { recordingEvents } from './recordingEvents.ts';
import { recordingReport } from './recordingReport.ts';

interface RecordOptions {
  readonly out: string;
  /** Stages to compare; neighbours otherwise. */
  readonly pair: readonly WantedPair[];
  /** A stage that was asked for and that no frame reached is not a pass. */
  readonly strict?: boolean;
  /** Ends after this, ms. */
  readonly for?: number;
}

export interface RecordGstOptions extends RecordOptions {
  readonly stage: readonly string[];
  /** A V4L2 device to capture from. */
  readonly device?: string;
}

export interface RecordStagesOptions extends RecordOptions {
  readonly from: string;
}

/** `record gst`: runs a GStreamer pipeline and writes when each frame was at its named elements. */
export async function recordGst(
  host: CommandHost,
  { stage, device, ...options }: RecordGstOptions,
  pipeline: readonly string[],
  events: CommandEvents,
): Promise<number> {
  if (pipeline.length === 0 && device === undefined) {
    const fix = 'Write a pipeline after --, or name a camera with --device.';
    throw new BenchlabError('BAD_OPTION', 'There is no pipeline.', fix);
  }
  const gst = {
    pipeline: device === undefined ? pipeline : capture(device, pipeline),
    ...(stage.length === 0 ? {} : { stages: stage }),
  };
  const source = gstStages(gst, host.findProgram);
  const fix = 'Give an element a name (identity name=ingress), or name one with --stage, and check that frames flow.';
  return writeRecording(host, source, options, { fix, events });
}

/** `record stages`: writes the stage events of another program. */
export async function recordStages(
  host: CommandHost,
  { from, ...options }: RecordStagesOptions,
  events: CommandEvents,
): Promise<number> {
  const isStandard = from === '-';
  const input = isStandard ? host.input.stats() : statSync(from, { throwIfNoEntry: false });
  const source = jsonlStages({ from: isStandard ? host.input.stream() : from, clock: host.clock });
  const fix = 'Check that the program writes there.';
  return writeRecording(host, source, options, { fix, events, ...(input && { input }) });
}

/** Without a frame for this long, a message says so: otherwise a user may wait without end, ms. */
const quietMs = 10_000;

/** Frames of a camera as `ingress`; without a pipeline of the user's own, encoded as they come. */
function capture(device: string, pipeline: readonly string[]): readonly string[] {
  const rest =
    pipeline.length > 0 ? pipeline : 'videoconvert ! x264enc tune=zerolatency name=encoded ! fakesink'.split(' ');
  return ['v4l2src', `device=${device}`, '!', 'identity', 'name=ingress', '!', ...rest];
}

interface RecordingParts {
  /** What to do when no frame comes. */
  readonly fix: string;
  /** Of the file that is read. */
  readonly input?: Stats;
  readonly events: CommandEvents;
}

async function writeRecording(
  host: CommandHost,
  source: StageSource,
  options: RecordOptions,
  { fix, input, events }: RecordingParts,
): Promise<number> {
  const { terminal, clock, signals } = host;
  const file = new LineFile(options.out, '--out');
  if (file.isSameAs(input)) {
    file.close();
    const what = `--out ${options.out} is also what is read.`;
    throw new BenchlabError('BAD_OPTION', what, 'Write into another file.');
  }
  const ending = untilSignalOr(options.for, host);
  let failure: unknown;
  const ended = (error?: unknown) => {
    failure ??= error;
    ending.end();
  };
  const recording = new Recording({ file, clock, pairs: new StagePairs(options.pair), ended });
  const cancelQuiet = clock.at(clock.nowNs() + quietMs * 1e6, () => {
    if (recording.events > 0) return;
    terminal.err(`No frame was seen for ${quietMs / 1000} s; recording continues until Ctrl-C. ${fix}\n`);
  });
  try {
    await source.start(recording);
    await ending.ended;
    await uninterrupted(signals, () => source.stop());
  } finally {
    cancelQuiet();
    ending.end();
    recording.close();
  }
  for (const event of recordingEvents(recording)) events.emit(event);
  if (recording.events > 0) terminal.out(recordingReport(recording, options.out));
  if (failure !== undefined) throw failure;
  if (recording.events > 0) {
    const isWhole = recording.empty.length === 0 && recording.pairs.missing.length === 0;
    return options.strict && !isWhole ? exitCode.inconclusive : exitCode.pass;
  }
  const { rejection } = recording;
  const refused = rejection === undefined ? '' : ` Refused: ${rejection.count}; the last: ${rejection.reason}.`;
  throw new BenchlabError('NO_DEVICE', `No frame was seen at any stage.${refused}`, fix);
}
