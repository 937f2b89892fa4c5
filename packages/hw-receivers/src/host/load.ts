import type { Reading } from '@benchlab-otel/core';
import { metric } from '@benchlab-otel/core/definitions';
import type { HostFiles } from './files.ts';
import { garbled, type HostPart, oddField, unreadable } from './part.ts';
import { completeLines, decimal } from './text.ts';

const path = '/proc/loadavg';
const averages = [
  { minutes: 1, definition: metric.systemLoad1m },
  { minutes: 5, definition: metric.systemLoad5m },
  { minutes: 15, definition: metric.systemLoad15m },
] as const;

/** Threads that run or wait, over 1, 5 and 15 minutes (Linux, proc(5), /proc/loadavg). */
export class LoadPart implements HostPart {
  readonly #averages = averages.map(({ minutes, definition }) => ({
    minutes,
    sensor: { metric: definition, attributes: {} },
  }));

  read(files: HostFiles, readings: Reading[]): readonly string[] {
    const file = files.read(path);
    if (file.kind !== 'text') return unreadable(path, file.kind);
    const fields = completeLines(file.text).lines[0]?.split(' ') ?? [];
    if (fields.length < averages.length) return [garbled(path)];
    return this.#averages.flatMap(({ minutes, sensor }, index) => {
      const value = decimal(fields[index]);
      if (value === undefined) return [oddField(path, `the average of ${minutes} min`)];
      readings.push({ sensor, value });
      return [];
    });
  }
}
