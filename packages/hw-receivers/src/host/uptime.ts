import { metric, type Reading } from '@benchlab-otel/core';
import type { HostFiles } from './files.ts';
import { garbled, type HostPart } from './part.ts';
import { completeLines, decimal } from './text.ts';

const path = '/proc/uptime';

/** Seconds since the host was started (Linux, proc(5), /proc/uptime). */
function parseUptime(text: string): number | undefined {
  const fields = completeLines(text).lines[0]?.split(' ') ?? [];
  return fields.length === 2 ? decimal(fields[0]) : undefined;
}

export class UptimePart implements HostPart {
  readonly #sensor = { metric: metric.systemUptime, attributes: {} };

  read(files: HostFiles, readings: Reading[]): string | undefined {
    const file = files.read(path);
    if (file.kind === 'absent') return undefined;
    const seconds = file.kind === 'text' ? parseUptime(file.text) : undefined;
    if (seconds === undefined) return garbled(path);
    readings.push({ sensor: this.#sensor, value: seconds });
    return undefined;
  }
}
