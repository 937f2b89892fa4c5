import type { Reading } from '@benchlab-otel/core';
import { metric } from '@benchlab-otel/core/definitions';
import type { HostFiles } from './files.ts';
import { garbled, type HostPart, unreadable } from './part.ts';
import { completeLines, decimal } from './text.ts';

const path = '/proc/uptime';

/** Seconds since the host was started (Linux, proc(5), /proc/uptime). */
function parseUptime(text: string): number | undefined {
  return decimal(completeLines(text).lines[0]?.split(' ')[0]);
}

export class UptimePart implements HostPart {
  readonly #sensor = { metric: metric.systemUptime, attributes: {} };

  read(files: HostFiles, readings: Reading[]): readonly string[] {
    const file = files.read(path);
    if (file.kind !== 'text') return unreadable(path, file.kind);
    const seconds = parseUptime(file.text);
    if (seconds === undefined) return [garbled(path)];
    readings.push({ sensor: this.#sensor, value: seconds });
    return [];
  }
}
