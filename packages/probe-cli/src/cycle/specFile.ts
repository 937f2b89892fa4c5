import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { maxSpecBytes } from './spec/specSchema.ts';

/** The text of a specification. @throws BenchlabError BAD_OPTION where the file cannot be one */
export function readSpecFile(path: string): string {
  try {
    // O_NONBLOCK: a FIFO would wait for a writer.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = fstatSync(file);
      if (!found.isFile()) throw new Error('it is not a regular file');
      if (found.size > maxSpecBytes) throw new Error(`it has more than ${maxSpecBytes} bytes`);
      return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    const fix = 'Name a file in the format of docs/formats/pipeline-spec.md.';
    throw new BenchlabError('BAD_OPTION', `The specification ${path} cannot be read: ${messageOf(cause)}.`, fix, {
      cause,
    });
  }
}
