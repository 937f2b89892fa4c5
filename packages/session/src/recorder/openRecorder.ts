import { BenchlabError, knownOptions, numberOption, systemClock } from '@benchlab-otel/core';
import type { LatencyRow } from '@benchlab-otel/wire';
import { LiveAlign } from '../align/liveAlign.ts';
import { replay } from './liveRows.ts';
import { type OpenFolder, openFolder } from './openFolder.ts';
import { optionNames, type SessionRecorderOptions } from './recorderOptions.ts';
import { repairLines } from './repairSession.ts';
import { mostLinesInMemory, SessionRecorder } from './sessionRecorder.ts';
import { nextSegments } from './sessionStreams.ts';

const defaultSegmentBytes = 64 * 1024 * 1024;

/**
 * Opens a session, and writes samples and stage events into it until it is closed: give it to receivers and to stage sources
 * as their consumer.
 *
 * @throws BenchlabError BAD_OPTION when the folder cannot be made, another process writes it, or it was closed
 * @example
 * const recorder = await sessionRecorder({ dataRoot: '/var/log/benchlab', pairs: [['ingress', 'encoded']] });
 * await benchlabReceiver().start(recorder);
 */
export async function sessionRecorder(options: SessionRecorderOptions): Promise<SessionRecorder> {
  knownOptions<SessionRecorderOptions>('sessionRecorder', options, optionNames);
  const { clock = systemClock, segmentBytes = defaultSegmentBytes, mostLinesAgain = mostLinesInMemory } = options;
  numberOption('segmentBytes', segmentBytes, { least: 1 });
  numberOption('mostLinesAgain', mostLinesAgain, { least: 0, most: mostLinesInMemory });
  const rows: LatencyRow[] = [];
  const live = { take: (row: LatencyRow): void => void rows.push(row) };
  const align = new LiveAlign({ ...options, onRow: (row) => live.take(row) });
  const folder = await openFolder(options.dataRoot, options.name, Number(clock.anchor().epochNs / 1_000_000n));
  try {
    const { before, paths } = folder;
    if (before !== undefined) refuseOtherBoot(folder, clock.nowNs());
    const repairs = before === undefined ? [] : await repairLines(paths);
    const linesBefore = before === undefined ? 0 : await replay(paths, align, rows);
    const bounds = { segmentBytes, mostLinesAgain };
    const recorder = new SessionRecorder({ options, folder, align, clock, ...bounds, repairs, linesBefore });
    live.take = (row) => recorder.row(row);
    await recorder.start(await nextSegments(paths.raw));
    return recorder;
  } catch (error) {
    await folder.lock.release();
    throw error;
  }
}

/** CLOCK_MONOTONIC begins again when the host starts: lines of two starts would be of two clocks. */
function refuseOtherBoot({ paths, before, lock }: OpenFolder, nowNs: number): void {
  const lastNs = before?.clocks.at(-1)?.timeNs ?? 0;
  if (lastNs <= nowNs && lock.isOfThisBoot !== false) return;
  const what = `${paths.folder} was recorded before the host started again, on a clock that has begun again since.`;
  const fix = 'Close it with benchlab-probe sessions repair, and record into another session.';
  throw new BenchlabError('BAD_OPTION', what, fix);
}
