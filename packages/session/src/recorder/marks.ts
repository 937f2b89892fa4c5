import { constants } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchlabError, isObject, OptionError } from '@benchlab-otel/core';
import type { SessionFile } from '../folder/sessionFile.ts';
import { lockState } from './sessionLock.ts';

/** A moment that a person or a flow marked. */
export type Bookmark = SessionFile['bookmarks'][number];

const fileName = 'marks.jsonl';
/** Bytes of marks that wait for the recorder, which reads them some times a second. */
const maxBytes = 1_000_000;
const maxName = 128;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are refused
const control = /[\u0000-\u001f\u007f-\u009f]/;

/** @throws OptionError for a name that is empty, too long or holds control characters */
export function checkedMark(name: string): string {
  if (name.trim() !== '' && name.length <= maxName && !control.test(name)) return name;
  const allowed = `a text of 1 to ${maxName} characters, without control characters`;
  throw new OptionError({ option: 'name', value: name, allowed });
}

/**
 * Marks a moment of a session that another process records: it adds the bookmark to `session.json`.
 *
 * @throws BenchlabError BAD_OPTION when no process records the session
 */
export async function markSession(folder: string, mark: Bookmark): Promise<void> {
  checkedMark(mark.name);
  if ((await lockState(folder)).state !== 'held') {
    const fix = 'Mark a session while it is recorded: benchlab-probe sessions ls lists which are open.';
    throw new BenchlabError('BAD_OPTION', `${folder} is not being recorded.`, fix);
  }
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
  const file = await open(join(folder, fileName), flags, 0o660);
  try {
    await file.write(`${JSON.stringify({ timeNs: mark.timeNs, name: mark.name })}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** The marks that other processes have left, once each. */
export class Marks {
  readonly #path: string;
  #at = 0;

  constructor(folder: string) {
    this.#path = join(folder, fileName);
  }

  /** Those that came since. Wrong lines are left out: only this program writes here. */
  async read(): Promise<readonly Bookmark[]> {
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length <= this.#at || whole.length > maxBytes) return [];
    const lines = whole.slice(this.#at).split('\n');
    this.#at = whole.length;
    return lines.flatMap((line) => bookmarkOf(line) ?? []);
  }

  /** All of them are in `session.json`. */
  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

function bookmarkOf(line: string): Bookmark | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!isObject(value)) return undefined;
    const { timeNs, name } = value;
    if (typeof timeNs !== 'number' || !(timeNs >= 0 && timeNs <= Number.MAX_SAFE_INTEGER)) return undefined;
    return typeof name === 'string' ? { timeNs, name: checkedMark(name) } : undefined;
  } catch {
    return undefined;
  }
}
