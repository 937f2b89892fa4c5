import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
import { lockState, markSession, sessionsFolder } from '@benchlab-otel/session';
import { exitCode } from '../../command/exitCode.ts';
import type { CommandHost } from '../../host/commandHost.ts';
import { printable } from '../../report/printable.ts';
import { dataRootOf } from './dataRoot.ts';

interface MarkOptions {
  /** Its folder. Default: the one that is being recorded. */
  readonly session?: string;
  readonly dataRoot?: string;
}

/** `sessions mark`: adds a bookmark to a session that is being recorded. */
export async function markMoment(
  host: CommandHost,
  { session, dataRoot }: MarkOptions,
  [name = '']: readonly string[],
): Promise<number> {
  const timeNs = host.clock.nowNs();
  const folder = session ?? (await recordedNow(dataRootOf(dataRoot, host.environment)));
  await markSession(folder, { timeNs, name });
  host.terminal.out(`${printable(name)} is marked in ${printable(folder)}\n`);
  return exitCode.pass;
}

/** The one session that is being recorded. @throws BenchlabError BAD_OPTION when there is not exactly one */
async function recordedNow(dataRoot: string): Promise<string> {
  const root = sessionsFolder(dataRoot);
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name));
  const states = await Promise.all(folders.map(async (folder) => (await lockState(folder)).state));
  const open = folders.filter((_, at) => states[at] === 'held');
  if (open.length === 1 && open[0] !== undefined) return open[0];
  const what =
    open.length === 0
      ? `No session in ${root} is being recorded.`
      : `${open.length} sessions in ${root} are being recorded.`;
  throw new BenchlabError('BAD_OPTION', what, 'Name its folder with --session, or another --data-root.');
}
