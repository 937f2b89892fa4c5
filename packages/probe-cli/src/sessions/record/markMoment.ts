import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
import { lockState, markSession, parseSessionFile, sessionPaths, sessionsFolder } from '@benchlab-otel/session';
import { exitCode } from '../../command/exitCode.ts';
import type { CommandHost } from '../../host/commandHost.ts';
import { printable } from '../../report/printable.ts';
import { namedSession } from '../namedSession.ts';
import { dataRootOf } from './dataRoot.ts';

/** The recorder reads marks five times a second. */
const lookEveryNs = 0.1e9;
const takenWithinNs = 5e9;

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
  const folder =
    session === undefined
      ? await recordedNow(dataRootOf(dataRoot, host.environment))
      : namedSession(session, host.environment);
  await markSession(folder, { timeNs, name });
  await untilTaken(host, folder, timeNs, name);
  host.terminal.out(`${printable(name)} is marked in ${printable(folder)}\n`);
  return exitCode.pass;
}

/**
 * Waits until the recorder has written the mark: one that ends, or has no room, takes it no more.
 *
 * @throws BenchlabError UNSUPPORTED when that does not happen in time
 */
async function untilTaken({ clock }: CommandHost, folder: string, timeNs: number, name: string): Promise<void> {
  const path = sessionPaths(folder).file;
  for (let waitedNs = 0; waitedNs < takenWithinNs; waitedNs += lookEveryNs) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (isTaken(text, path, timeNs, name)) return;
    await new Promise<void>((resolve) => clock.at(clock.nowNs() + lookEveryNs, resolve));
  }
  const fix = `Look for it in "bookmarks" of ${path}: the recording may have ended, or have no room.`;
  throw new BenchlabError('UNSUPPORTED', `${folder} did not take the mark within ${takenWithinNs / 1e9} s.`, fix);
}

function isTaken(text: string, path: string, timeNs: number, name: string): boolean {
  try {
    return parseSessionFile(text, path).bookmarks.some((each) => each.timeNs === timeNs && each.name === name);
  } catch {
    return false; // it is being replaced
  }
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
