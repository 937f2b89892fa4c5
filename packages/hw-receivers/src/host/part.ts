import type { Reading } from '@benchlab-otel/core';
import type { HostFiles } from './files.ts';

/** One source of the host: a file of /proc, or a few. It reads, parses and appends readings, and never throws. */
export interface HostPart {
  /**
   * Appends what there is. What is absent has no reading.
   *
   * @returns what is wrong with what there is, for people: which file, and how. Undefined when nothing is.
   */
  read(files: HostFiles, readings: Reading[]): string | undefined;
}

/** Words for a file that says something else than it should. */
export function garbled(path: string): string {
  return `${path} is cut short or garbled`;
}
