import type { Stats } from 'node:fs';
import { BenchlabError } from '@benchlab-otel/core';
import { isStranger } from '../files/owner.ts';

/**
 * The error when a file or a FIFO that took the name of an input belongs to another user: in a shared folder anybody with the
 * right to remove the first could put lines of their own there. This user and root may replace it.
 */
export function otherOwner(path: string, before: Stats | undefined, now: Stats): BenchlabError | undefined {
  if (before === undefined || now.uid === before.uid || !isStranger(now.uid)) return undefined;
  const what = `${path} was replaced by a file of another user (uid ${now.uid}, before ${before.uid}).`;
  return new BenchlabError('NO_PERMISSION', what, 'Start again to read it, if it is right.');
}
