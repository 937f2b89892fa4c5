import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchlabError, didYouMean, messageOf } from '@benchlab-otel/core';
import { parseTheme, type Theme } from './theme.ts';

/** A theme has some 400 bytes. */
const mostBytes = 64 * 1024;
const themeName = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * A theme by its name, `NAME.json` in the first of `folders` that has it, or by the path of its file: a text with `/` or that
 * ends in `.json`.
 *
 * @param folders the user's own before those of the package
 * @throws BenchlabError BAD_OPTION when there is no such theme, or its colours cannot be read
 */
export async function loadTheme(wanted: string, folders: readonly string[]): Promise<Theme> {
  const path = wanted.includes('/') || wanted.endsWith('.json') ? wanted : await pathOf(wanted, folders);
  const parsed = parseTheme(await textOf(path));
  if ('theme' in parsed) return parsed.theme;
  const fix = 'Correct the file, or use another theme: dark, light, release.';
  throw new BenchlabError('BAD_OPTION', `The theme ${path} cannot be used: ${parsed.reason}.`, fix);
}

async function pathOf(name: string, folders: readonly string[]): Promise<string> {
  const lists = await Promise.all(folders.map((folder) => namesIn(folder)));
  const at = themeName.test(name) ? lists.findIndex((names) => names.includes(name)) : -1;
  if (at >= 0) return join(folders[at] ?? '', `${name}.json`);
  const known = [...new Set(lists.flat())].sort();
  const what = `There is no theme ${JSON.stringify(name.slice(0, 64))}.${didYouMean(name, known)}`;
  const fix = `Use one of ${known.join(', ')}, or the path of a JSON file.`;
  throw new BenchlabError('BAD_OPTION', what, fix);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder).catch(() => []);
  return files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
}

async function textOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= mostBytes) return await readFile(path, 'utf8');
  } catch (cause) {
    const what = `The theme ${path} cannot be read: ${messageOf(cause)}.`;
    throw new BenchlabError('BAD_OPTION', what, 'Name a JSON file, or a theme: dark, light, release.', { cause });
  }
  throw new BenchlabError('BAD_OPTION', `The theme ${path} is larger than ${mostBytes} bytes.`, 'Name a theme.');
}
