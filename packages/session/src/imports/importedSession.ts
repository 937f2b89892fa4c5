import { formatSessionFile, type SessionFile } from '../folder/sessionFile.ts';
import type { ImportedFrames } from './frameRow.ts';

/** The files of a session that was made of frames of another program, by their paths in its folder. */
export type SessionFiles = Readonly<Record<string, Iterable<string>>>;

/** The stages that an imported frame reaches. */
const [startStage, presentStage, displayStage] = ['frame_start', 'present', 'displayed'];
/** The recording began when the first frame did. This is before its own time: no time of a session is negative. */
const offsetSeconds = 10;

/**
 * Frames of another program as raw lines: `frame_start` to `present` is the frame time, `present` to `displayed` the time to the
 * screen. A frame that was not shown is a drop between the last two. Times are those of the file, counted from its start.
 *
 * @param name of the session
 * @param from where the frames came from: a file name
 * @param importedAt ms since 1970; when it was opened, where the file does not state it
 */
export function importedSession(
  imported: ImportedFrames,
  { name, from, importedAt }: { readonly name: string; readonly from: string; readonly importedAt: number },
): SessionFiles {
  const openedAt = imported.createdAt ?? new Date(importedAt).toISOString();
  const source = { id: 'import', name: imported.format, clock: 'monotonic' as const, simulated: false };
  const file: SessionFile = {
    schema: 'benchlab-otel/session',
    version: 1,
    name,
    openedAt,
    closedAt: openedAt,
    clocks: [
      { timeNs: offsetSeconds * 1e9, epochNs: String(BigInt(Date.parse(openedAt)) * 1_000_000n), uncertaintyNs: 1e9 },
    ],
    sources: [source],
    host: imported.host,
    tags: applicationOf(imported),
    comment: (imported.comment ?? '').slice(0, 4_096),
    bookmarks: [],
    holes: [],
    imported: `${imported.format}: ${from}`.slice(0, 4_096),
  };
  return {
    'session.json': [formatSessionFile(file)],
    'raw/pipeline.jsonl': stageLines(imported),
    ...(imported.power.length === 0 ? {} : { 'raw/benchlab.jsonl': powerLines(imported) }),
  };
}

function applicationOf({ frames }: ImportedFrames): Readonly<Record<string, string>> {
  const application = frames.find((frame) => frame.application !== undefined)?.application;
  return application === undefined ? {} : { application: application.slice(0, 4_096) };
}

function* stageLines({ frames }: ImportedFrames): Generator<string> {
  const hasDisplay = frames.some(({ untilDisplayedMs }) => untilDisplayedMs !== undefined);
  for (const [frame, { timeSeconds, frameMs, untilDisplayedMs }] of frames.entries()) {
    const presentNs = nsOf(timeSeconds);
    yield stageLine(startStage, Math.max(0, presentNs - Math.round(frameMs * 1e6)), frame);
    yield stageLine(presentStage, presentNs, frame);
    if (hasDisplay && untilDisplayedMs !== undefined) {
      yield stageLine(displayStage, presentNs + Math.round(untilDisplayedMs * 1e6), frame);
    }
  }
}

function stageLine(stage: string, timeNs: number, frame: number): string {
  return `{"ts_ns":${timeNs},"source":"pipeline","kv":{"stage":"${stage}","frame_id":${frame}}}\n`;
}

function* powerLines({ power }: ImportedFrames): Generator<string> {
  for (const { timeSeconds, watts } of power) {
    yield `${JSON.stringify({ ts_ns: nsOf(timeSeconds), source: 'benchlab.import', kv: { p_sys: watts } })}\n`;
  }
}

function nsOf(seconds: number): number {
  return Math.round((offsetSeconds + seconds) * 1e9);
}
