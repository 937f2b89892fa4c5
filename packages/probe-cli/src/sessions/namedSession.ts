import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sessionsFolder } from '@benchlab-otel/session';
import { dataRootOf } from './record/dataRoot.ts';

/**
 * The folder that a word names: a path, or the name of a session of the data root, as `sessions ls` prints it. A path
 * that exists comes first; a word that is neither stays, and its reader states what is missing there.
 */
export function namedSession(word: string, environment: NodeJS.ProcessEnv): string {
  // First, so that a path needs no right configuration.
  if (existsSync(word)) return word;
  const named = namedFolder(word, environment);
  return existsSync(named) ? named : word;
}

/** Where the session, or the pattern, that has no slash in it would be. */
export function namedFolder(word: string, environment: NodeJS.ProcessEnv): string {
  return word.includes('/') || word.startsWith('.')
    ? word
    : join(sessionsFolder(dataRootOf(undefined, environment)), word);
}
