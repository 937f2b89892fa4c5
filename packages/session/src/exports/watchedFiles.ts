import { createHash } from 'node:crypto';
import type { DeliveredFile } from '../keep/deliverSession.ts';
import type { ReadSession } from '../readSession.ts';
import { capframexCsv } from './capframexCsv.ts';
import { exportNames } from './exportName.ts';
import type { FrameTime } from './frameLines.ts';

/** How the files of a session look in CapFrameX. */
export interface WatchSettings {
  /** The game in its list. */
  readonly application: string;
  /** ms since 1970, where the session states no start. */
  readonly closedMs: number;
  readonly frameTime?: FrameTime;
}

/**
 * The files of a closed session, one for each pair of stages that has frames: `2025-11-11T14-30-00Z-ingress_to_encoded.csv`. CapFrameX
 * hides a file whose content another one has: the id in the comments is made of the name of the session, the pair and the rows.
 *
 * @param session its name
 */
export function watchedFiles(
  { pairs, file }: Pick<ReadSession, 'pairs' | 'file'>,
  session: string,
  { application, closedMs, frameTime }: WatchSettings,
): readonly DeliveredFile[] {
  const names = exportNames(pairs, '.csv');
  const createdAt = file === undefined ? closedMs : Date.parse(file.openedAt);
  return pairs.flatMap(({ pair, rows, dropped }, at) => {
    if (rows.length === 0) return [];
    const simulated = rows.some((row) => row.simulated === true);
    const comment = `${session}; ${pair.join(' to ')}; dropped: ${dropped}; simulated: ${simulated}`;
    const csv = capframexCsv(rows, { application, createdAt, comment }, frameTime);
    const id = createHash('sha256').update(session).update(csv).digest('hex').slice(0, 32);
    return [{ name: `${session}-${names[at]}`, text: `//Id=${id}\n${csv}` }];
  });
}
