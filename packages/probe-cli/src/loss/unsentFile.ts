import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '@benchlab-otel/core';

/** What the processes of a run wrote about the spans that they did not send. */
export interface Unsent {
  readonly spans: number;
  readonly notes: readonly string[];
}

/** A private file, in which processes of a run append at their exit how many spans they did not send: one number a line. */
export interface UnsentFile {
  /** Undefined where it could not be made. */
  readonly path?: string;
  read(): Unsent;
  /** Closes and removes it. A process that still runs then cannot write. */
  remove(): void;
}

/** A process writes only into a file that is shorter (`packages/node/src/lifecycle/unsentFile.ts`). */
const maxBytes = 65_536;

/** The longest line of the last process, which may begin below the bound: 12 digits and a line feed. */
const longestLine = 13;

/** Makes the file, which its user alone may read, in a new folder. Without a place for it, the run goes on with a note. */
export function makeUnsentFile(parent: string = tmpdir()): UnsentFile {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(parent, 'benchlab-run-'));
    const path = join(folder, 'unsent');
    return unsentFile(folder, path, openSync(path, 'wx+', 0o600));
  } catch (error) {
    if (folder !== undefined) removeFolder(folder);
    const what = `spans that are not sent at process.exit() are not counted: no file can be made for them: ${messageOf(error)}`;
    const fix = 'Make room, or name another folder with TMPDIR';
    return { read: () => ({ spans: 0, notes: [`${what}. ${fix}`] }), remove: () => undefined };
  }
}

/** It is read by its descriptor: what a program puts in its place is not read. */
function unsentFile(folder: string, path: string, file: number): UnsentFile {
  let isOpen = true;
  return {
    path,
    read: () => parseUnsent(content(file)),
    remove() {
      if (isOpen) closeSync(file);
      isOpen = false;
      removeFolder(folder);
    },
  };
}

function content(file: number): string {
  const bytes = Buffer.alloc(maxBytes + longestLine);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    read = readSync(file, bytes, length, bytes.length - length, length);
  }
  return bytes.toString('latin1', 0, length);
}

/** A program can remove the folder, and can forbid its removal. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // An empty folder in the folder of temporary files changes no result.
  }
}

/**
 * Adds up the lines.
 *
 * @example parseUnsent('3\n4\n') // { spans: 7, notes: [] }
 */
export function parseUnsent(text: string): Unsent {
  const lines = text.split('\n');
  // After the last line feed comes nothing.
  if (lines.at(-1) === '') lines.pop();
  const numbers = lines.filter((line) => /^[0-9]{1,12}$/.test(line)).map(Number);
  const wrong = lines.length - numbers.length;
  const where = 'of the file with the numbers of spans that were not sent (TELEMETRY_UNSENT_FILE)';
  return {
    spans: numbers.reduce((sum, spans) => sum + spans, 0),
    notes: [
      ...(wrong === 0 ? [] : [`${wrong} of ${lines.length} lines ${where} are no numbers and were left out`]),
      ...(text.length < maxBytes ? [] : [`the end ${where} was not read: it has ${maxBytes} bytes or more`]),
    ],
  };
}
