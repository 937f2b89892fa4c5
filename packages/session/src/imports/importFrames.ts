import { BenchlabError, isObject } from '@benchlab-otel/core';
import { type ImportedFrame, type ImportedFrames, type ImportedPower, maxImportedFrames } from './frameRow.ts';
import { importCsv, tooMany } from './importCsv.ts';

/**
 * Reads a file of frames of another program: a record of CapFrameX (JSON), or a table (`importCsv`). All runs of a record follow each other.
 *
 * @param path for the message
 * @throws BenchlabError BAD_REPLY for a text that is neither
 */
export function importFrames(text: string, path: string): ImportedFrames {
  // Records of CapFrameX begin with a byte order mark.
  const plain = text.replace(/^\ufeff/, '');
  return plain.trimStart().startsWith('{') ? importCapframexJson(plain, path) : importCsv(plain, path);
}

function importCapframexJson(json: string, path: string): ImportedFrames {
  const record = parsed(json, path);
  const runs = isObject(record) && Array.isArray(record.Runs) ? record.Runs.filter(isObject) : [];
  const info = isObject(record) && isObject(record.Info) ? record.Info : {};
  if (runs.length === 0) throw wrong(path, 'it has no runs of CapFrameX');
  const frames: ImportedFrame[] = [];
  const power: ImportedPower[] = [];
  const refused = { count: 0, first: [] as string[] };
  const unknown = new Set<string>();
  for (const [at, run] of runs.entries()) {
    const startSeconds = frames.at(-1)?.timeSeconds ?? 0;
    const data = isObject(run.CaptureData) ? run.CaptureData : {};
    for (const name of Object.keys(data)) if (!captured.has(name)) unknown.add(name);
    const count = listOf(data.MsBetweenPresents).length;
    if (count === 0) {
      refused.count++;
      refused.first.push(`run ${at + 1}: no MsBetweenPresents`);
    }
    for (let index = 0; index < count; index++) {
      const frame = frameOf(data, index, startSeconds);
      if (frame !== undefined) frames.push(frame);
      else if (++refused.count <= 20) refused.first.push(`run ${at + 1}, frame ${index + 1}: no time`);
    }
    if (frames.length > maxImportedFrames) throw tooMany(path);
    power.push(...powerOf(run, startSeconds));
  }
  return { format: 'CapFrameX', frames, power, unknownColumns: [...unknown], refused, ...metadataOf(info) };
}

/** The lists of CaptureData that CapFrameX writes. */
const captured = new Set(
  'TimeInSeconds MsBetweenPresents MsInPresentAPI MsBetweenDisplayChange MsUntilRenderComplete MsUntilDisplayed QPCTime PresentMode AllowsTearing SyncInterval Dropped PcLatency AnimationError GpuActive CpuActive'.split(
    ' ',
  ),
);

function frameOf(
  data: Readonly<Record<string, unknown>>,
  index: number,
  startSeconds: number,
): ImportedFrame | undefined {
  const number = (name: string) => {
    const value = listOf(data[name])[index];
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  const [time, frameMs, untilDisplayedMs] = [
    number('TimeInSeconds'),
    number('MsBetweenPresents'),
    number('MsUntilDisplayed'),
  ];
  if (time === undefined || frameMs === undefined) return undefined;
  const isDropped = listOf(data.Dropped)[index] === true;
  return {
    timeSeconds: startSeconds + time,
    frameMs,
    isDropped,
    ...(isDropped || untilDisplayedMs === undefined ? {} : { untilDisplayedMs }),
  };
}

/** Power of the whole bench alone: that of a processor or a graphics card is not it. */
function powerOf(
  { PmdSystemPower, SampleTime }: Readonly<Record<string, unknown>>,
  startSeconds: number,
): ImportedPower[] {
  const stepMs = typeof SampleTime === 'number' && SampleTime > 0 ? SampleTime : undefined;
  if (stepMs === undefined) return [];
  return listOf(PmdSystemPower).flatMap((watts, at) =>
    typeof watts === 'number' && watts >= 0 ? [{ timeSeconds: startSeconds + (at * stepMs) / 1e3, watts }] : [],
  );
}

function metadataOf(info: Readonly<Record<string, unknown>>): Pick<ImportedFrames, 'host' | 'createdAt' | 'comment'> {
  const text = (name: string) =>
    typeof info[name] === 'string' && info[name] !== '' ? (info[name] as string) : undefined;
  const [processor, gpu, kernel, comment] = ['Processor', 'GPU', 'OS', 'Comment'].map(text);
  const time = Date.parse(text('CreationDate') ?? '');
  return {
    host: {
      ...(processor === undefined ? {} : { processor }),
      ...(gpu === undefined ? {} : { gpus: [gpu] }),
      ...(kernel === undefined ? {} : { kernel }),
    },
    ...(Number.isNaN(time) ? {} : { createdAt: new Date(time).toISOString() }),
    ...(comment === undefined ? {} : { comment }),
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function parsed(json: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw wrong(path, 'it is not JSON, or was cut short');
  }
}

function wrong(path: string, why: string): BenchlabError {
  return new BenchlabError(
    'BAD_REPLY',
    `${path} cannot be read: ${why}.`,
    'Name a record of CapFrameX, or a table of frames.',
  );
}
