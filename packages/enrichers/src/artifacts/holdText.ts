import { isObject } from '@benchlab-otel/core';
import type { ArtifactHold } from './artifactPlace.ts';

/** A hold has some hundred bytes. */
export const maxHoldBytes = 65_536;

/**
 * A hold as its place keeps it. One that cannot be read holds its object too: evidence is not lost because a note is damaged.
 *
 * @param text undefined where it is too long
 * @param where it is kept, for the reason
 */
export function holdOfText(text: string | undefined, sha256: string, where: string): ArtifactHold {
  const read = parsed(text);
  const until = isObject(read) && read.sha256 === sha256 ? read.until : undefined;
  if (isObject(read) && typeof until === 'string' && !Number.isNaN(Date.parse(until))) {
    const { since, reason, by } = read;
    if (typeof since === 'string' && typeof reason === 'string' && typeof by === 'string') {
      return { sha256, since, until, reason, by };
    }
  }
  const reason = `${where} cannot be read: release it, or hold it again`;
  return { sha256, since: '', until: '9999-12-31T23:59:59.999Z', reason, by: '' };
}

export function textOfHold(hold: ArtifactHold): string {
  return `${JSON.stringify(hold)}\n`;
}

function parsed(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
