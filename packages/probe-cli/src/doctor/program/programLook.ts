import { basename } from 'node:path';
import { type FindingId, joined, type Look, notLookedAt } from '../finding.ts';
import type { ObservedThread } from './events.ts';
import { packageFinder } from './place.ts';
import { portFindings } from './portFindings.ts';
import { registrationFindings } from './registrationFindings.ts';
import { threadLook } from './threadFindings.ts';

/** What can be seen only while the program runs. */
export const programIds: readonly FindingId[] = [
  'provider-second',
  'provider-late',
  'context-manager-missing',
  'pino-esm',
  'view-collision',
  'instrument-conflict',
  'cluster-port',
  'clock-step',
];

/** What the observer reported of a program, as findings. */
export async function programLook(
  threads: readonly ObservedThread[],
  ownerOf: (port: number) => Promise<string | undefined>,
): Promise<Look> {
  const packageOf = packageFinder();
  const looks: Look[] = [];
  for (const { events } of threads) {
    const thread = titled({ events });
    looks.push({ findings: await registrationFindings(events, thread, packageOf), notLookedAt: [] });
    looks.push(threadLook(events, thread));
    if (events.some(({ kind }) => kind === 'cut')) {
      looks.push(notLookedAt(programIds, `${thread} reported more than is kept, and the rest was dropped`));
    }
    for (const { text } of events.filter(({ kind }) => kind === 'fault')) {
      looks.push(
        notLookedAt(programIds, `a part of the observer failed in ${thread}${text === undefined ? '' : `: ${text}`}`),
      );
    }
  }
  looks.push({ findings: await portFindings(threads, packageOf, ownerOf), notLookedAt: [] });
  const registers = threads.some(({ events }) => events.some(({ kind }) => kind === 'registered'));
  const withSdk = programIds.filter((id) => id !== 'clock-step' && id !== 'cluster-port');
  if (!registers) looks.push(notLookedAt(withSdk, 'no SDK was registered in any process of the program'));
  return joined(looks);
}

/** `process 4711 (app.js)` */
function titled({ events }: ObservedThread): string {
  const start = events.find(({ kind }) => kind === 'process');
  const program = start?.program === undefined ? '' : ` (${basename(start.program)})`;
  return `process ${start?.pid ?? 'unknown'}${program}`;
}
