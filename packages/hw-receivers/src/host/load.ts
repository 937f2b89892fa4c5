import { metric, type Reading } from '@benchlab-otel/core';
import type { HostFiles } from './files.ts';
import { garbled, type HostPart } from './part.ts';
import { completeLines, decimal } from './text.ts';

const path = '/proc/loadavg';

/** Threads that run or wait, over 1, 5 and 15 minutes (Linux, proc(5), /proc/loadavg). */
function parseLoad(text: string): readonly [number, number, number] | undefined {
  const fields = completeLines(text).lines[0]?.split(' ') ?? [];
  const [one, five, fifteen] = [decimal(fields[0]), decimal(fields[1]), decimal(fields[2])];
  if (fields.length !== 5 || one === undefined || five === undefined || fifteen === undefined) return undefined;
  return [one, five, fifteen];
}

export class LoadPart implements HostPart {
  readonly #sensors = [metric.systemLoad1m, metric.systemLoad5m, metric.systemLoad15m].map((definition) => ({
    metric: definition,
    attributes: {},
  }));

  read(files: HostFiles, readings: Reading[]): string | undefined {
    const file = files.read(path);
    if (file.kind === 'absent') return undefined;
    const load = file.kind === 'text' ? parseLoad(file.text) : undefined;
    if (load === undefined) return garbled(path);
    this.#sensors.forEach((sensor, index) => {
      readings.push({ sensor, value: load[index] ?? 0 });
    });
    return undefined;
  }
}
