import type { Reading, Sensor } from '@benchlab-otel/core';
import type { FileText, HostFiles } from './files.ts';

/** One part of the host: a file of /proc, or a few. It reads, parses and appends readings. It never throws. */
export interface HostPart {
  /**
   * Appends a reading for each value that is present.
   *
   * @returns what is wrong, each time with its file, for people. Empty when all files are right or absent.
   */
  read(files: HostFiles, readings: Reading[], nowNs: number): readonly string[];
}

export interface PartOptions {
  /** /proc and /sys are those of another place than this process runs in, such as of the host of a container. */
  readonly isRooted?: boolean;
}

/** Words for a file whose text is not as expected. */
export function garbled(path: string): string {
  return `${path} is cut short or garbled`;
}

/** Words for one value of a file. The others of the file are right. */
export function oddField(path: string, field: string): string {
  return `${path}: ${field} is not a value that can be, and is left out`;
}

/** Words for a file without a text. A file that is absent is not wrong: other kernels lack it. */
export function unreadable(path: string, kind: Exclude<FileText['kind'], 'text'>): readonly string[] {
  if (kind === 'absent') return [];
  return kind === 'denied'
    ? [`no permission to read ${path}: run as a user who may`]
    : [`${path} cannot be read: the kernel answers with an error`];
}

/** Words for devices beyond a bound. */
export function tooMany(left: number, what: string, max: number): string {
  return `${left} ${what} beyond the bound of ${max} are left out`;
}

/** Appends a value that is present. */
export function push(readings: Reading[], sensor: Sensor, value: number | undefined): void {
  if (value !== undefined) readings.push({ sensor, value });
}
