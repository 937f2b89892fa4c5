import type { Reading } from '@benchlab-otel/core';
import type { HostFiles } from './files.ts';

/** One part of the host: a file of /proc, or a few. It reads, parses and appends readings. It never throws. */
export interface HostPart {
  /**
   * Appends a reading for each value that is present.
   *
   * @returns which file is wrong and how, for people. Undefined when all files are right or absent.
   */
  read(files: HostFiles, readings: Reading[]): string | undefined;
}

/** Words for a file whose text is not as expected. */
export function garbled(path: string): string {
  return `${path} is cut short or garbled`;
}
