import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { BenchlabError, OptionError } from '@benchlab-otel/core';
import { namedFolder, namedSession } from './namedSession.ts';

/** Sessions that one command reads: 90 days of one each five minutes. */
const maxSessions = 25_000;

/**
 * The folders of sessions that words name: a session by path or by its name in the data root, a folder of sessions, the data root with
 * `sessions/` in it, and patterns with `*` and `?` that the shell left alone. In the order of the words, those of a
 * folder by name. A word that names none stays: the reader states what is missing there.
 *
 * @throws BenchlabError BAD_OPTION for a pattern that no folder matches
 */
export async function sessionFolders(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const word of words) {
    const isPattern = /[*?]/.test(word) && !existsSync(word);
    const matched = isPattern ? await matching(word, environment) : [namedSession(word, environment)];
    for (const folder of matched) folders.push(...(await sessionsIn(folder)));
  }
  if (folders.length > maxSessions) {
    throw new OptionError({ option: 'folder', value: `${folders.length} sessions`, allowed: `${maxSessions} at most` });
  }
  return folders;
}

async function sessionsIn(folder: string): Promise<readonly string[]> {
  if (existsSync(join(folder, 'raw'))) return [folder];
  for (const parent of [folder, join(folder, 'sessions')]) {
    const found = (await subfolders(parent)).filter((path) => existsSync(join(path, 'raw')));
    if (found.length > 0) return found;
  }
  return [folder];
}

async function matching(pattern: string, environment: NodeJS.ProcessEnv): Promise<readonly string[]> {
  for (const each of new Set([pattern, namedFolder(pattern, environment)])) {
    const found = await foldersLike(each);
    if (found.length > 0) return found;
  }
  const fix = 'Name a folder of a session, or a folder that holds sessions.';
  throw new BenchlabError('BAD_OPTION', `No folder matches ${pattern}.`, fix);
}

async function foldersLike(pattern: string): Promise<readonly string[]> {
  let found: readonly string[] = [isAbsolute(pattern) ? '/' : ''];
  for (const step of pattern.split('/').filter((each) => each !== '')) {
    const next: string[] = [];
    for (const folder of found) {
      if (/[*?]/.test(step)) next.push(...(await subfolders(folder)).filter((path) => isMatch(path, step)));
      else if (existsSync(join(folder, step))) next.push(join(folder, step));
    }
    found = next;
  }
  return found;
}

function isMatch(path: string, step: string): boolean {
  const escaped = step.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const pattern = escaped.replaceAll('*', '[^/]*').replaceAll('?', '[^/]');
  return new RegExp(`(?:^|/)${pattern}$`, 's').test(path);
}

/** Links are not followed: one could lead to itself. */
async function subfolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder === '' ? '.' : folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  return names.sort().map((name) => join(folder, name));
}
