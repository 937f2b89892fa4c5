import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';

/** A file with this number of bytes gets no more lines: about 10,000 processes have written into it. */
const maxBytes = 65_536;

/** It is there already, and is no link and no pipe that waits for a reader: at its end a process must not hang, nor make files. */
const flags = constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Appends the number of spans that were not sent as one line, for the program that started this process and named the file in
 * TELEMETRY_UNSENT_FILE. Synchronous, because nothing else runs at `process.exit()`. Never throws: the log has the number too.
 */
export function writeUnsent(path: string, spans: number): void {
  try {
    const file = openSync(path, flags);
    try {
      const stats = fstatSync(file);
      if (stats.isFile() && stats.size < maxBytes) writeSync(file, `${spans}\n`);
    } finally {
      closeSync(file);
    }
  } catch {
    // The file was removed, is of another user, or its disk is full.
  }
}
