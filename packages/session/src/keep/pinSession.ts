import { readFile } from 'node:fs/promises';
import { BenchlabError, OptionError } from '@benchlab-otel/core';
import { formatSessionFile, parseSessionFile } from '../folder/sessionFile.ts';
import { sessionPaths } from '../folder/sessionPaths.ts';
import { writeWhole } from '../folder/wholeFile.ts';
import { lockSession } from '../recorder/sessionLock.ts';

const maxReason = 4_096;

/**
 * Pins a session, so that retention keeps it; without a reason, releases it again.
 *
 * @throws BenchlabError BAD_OPTION when it is being recorded (an open session is kept anyway) or has no `session.json`
 */
export async function pinSession(folder: string, reason: string | undefined, nowMs: number): Promise<void> {
  if (reason !== undefined && (reason.trim() === '' || reason.length > maxReason)) {
    throw new OptionError({ option: 'reason', value: reason, allowed: `a text of 1 to ${maxReason} characters` });
  }
  const { file } = sessionPaths(folder);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const fix = 'Name the folder of a session; benchlab-probe sessions repair writes a session.json that is missing.';
    throw new BenchlabError('BAD_OPTION', `${file} cannot be read.`, fix, { cause });
  });
  parseSessionFile(text, file);
  const lock = await lockSession(folder);
  try {
    const { pinned: _, ...session } = parseSessionFile(await readFile(file, 'utf8'), file);
    const pin = reason === undefined ? {} : { pinned: { reason, at: new Date(nowMs).toISOString() } };
    await writeWhole(file, formatSessionFile({ ...session, ...pin }));
  } finally {
    await lock.release();
  }
}
