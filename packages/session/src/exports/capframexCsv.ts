import type { LatencyRow } from '@benchlab-otel/wire';
import { checkedApplication, type FrameTime, frameLines } from './frameLines.ts';

/** What CapFrameX shows of a record. */
export interface CapframexMeta {
  /** The game in the list of CapFrameX. */
  readonly application: string;
  /** ms since 1970. */
  readonly createdAt: number;
  readonly comment: string;
}

const header =
  'TimeInSeconds,MsBetweenPresents,Dropped,Application,Note_Power_W,MsBetweenDisplayChange,MsPCLatency,frametime';

/**
 * The rows of one pair of stages as CapFrameX imports them: comments, the five columns of `seedCsv` in their order, and
 * those that make a record valid for CapFrameX. Source: CXWorld/CapFrameX, source/CapFrameX.Data/RecordManager.cs and
 * FileRecordInfo.cs (commit 3ba66ff5).
 *
 * @throws OptionError for an application that breaks the columns
 */
export function capframexCsv(
  rows: readonly LatencyRow[],
  { application, createdAt, comment }: CapframexMeta,
  frameTime: FrameTime = 'latency',
): string {
  const name = checkedApplication(application);
  const [day = '', time = ''] = new Date(createdAt).toISOString().split(/[T.]/);
  const comments = [
    `//GameName=${commentValue(name)}`,
    `//ProcessName=${commentValue(name)}`,
    `//CreationDate=${day}`,
    `//CreationTime=${time}`,
    `//Comment=${commentValue(comment)}`,
  ];
  const lines = frameLines(rows, frameTime).map(
    ({ timeSeconds, frameMs, powerWatts, cadenceMs, latencyMs }) =>
      `${timeSeconds},${frameMs},0,${name},${powerWatts},${cadenceMs},${latencyMs},${frameMs}`,
  );
  return `${[...comments, header, ...lines].join('\n')}\n`;
}

/** CapFrameX cuts a value at a second `=`, and a comment ends with its line. */
function commentValue(text: string): string {
  return text.replaceAll('=', ':').replace(/\s+/g, ' ').slice(0, 500);
}
