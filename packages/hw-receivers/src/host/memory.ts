import { attribute, metric, type Reading, type Sensor } from '@benchlab-otel/core';
import type { HostFiles } from './files.ts';
import { garbled, type HostPart } from './part.ts';
import { completeLines, count } from './text.ts';

const states = ['used', 'free', 'buffers', 'cached'] as const;
type MemoryState = (typeof states)[number];

/** Bytes. */
interface Memory {
  readonly total: number;
  /** They add up to `total`. */
  readonly byState: Readonly<Record<MemoryState, number>>;
  /** Since Linux 3.14. */
  readonly available?: number;
}

const path = '/proc/meminfo';
const bytesPerKilobyte = 1024;

/** Linux, Documentation/filesystems/proc.rst, "meminfo". What is cached includes reclaimable slabs, as free(1) counts. */
function parseMemory(text: string): Memory | undefined {
  const bytes = new Map<string, number>();
  for (const line of completeLines(text).lines) {
    const [, name, kilobytes] = /^(\w+): +(\d+) kB$/.exec(line) ?? [];
    const value = count(kilobytes);
    if (name !== undefined && value !== undefined) bytes.set(name, value * bytesPerKilobyte);
  }
  const total = bytes.get('MemTotal');
  const [free, buffers] = [bytes.get('MemFree'), bytes.get('Buffers')];
  const [pages, slabs] = [bytes.get('Cached'), bytes.get('SReclaimable')];
  if (!total || free === undefined || buffers === undefined || pages === undefined || slabs === undefined) {
    return undefined;
  }
  const cached = pages + slabs;
  const used = total - free - buffers - cached;
  if (used < 0) return undefined;
  const available = bytes.get('MemAvailable');
  const memory = { total, byState: { used, free, buffers, cached } };
  return available === undefined ? memory : { ...memory, available };
}

interface StateSeries {
  readonly state: MemoryState;
  readonly usage: Sensor;
  readonly utilization: Sensor;
}

export class MemoryPart implements HostPart {
  readonly #series: readonly StateSeries[] = states.map((state) => ({
    state,
    usage: { metric: metric.systemMemoryUsageBytes, attributes: { [attribute.systemMemoryState]: state } },
    utilization: { metric: metric.systemMemoryUtilization, attributes: { [attribute.systemMemoryState]: state } },
  }));
  readonly #limit: Sensor = { metric: metric.systemMemoryLimit, attributes: {} };
  readonly #available: Sensor = { metric: metric.systemMemoryLinuxAvailable, attributes: {} };
  readonly #percent: Sensor = { metric: metric.systemMemoryUsage, attributes: {} };

  read(files: HostFiles, readings: Reading[]): string | undefined {
    const file = files.read(path);
    if (file.kind === 'absent') return undefined;
    const memory = file.kind === 'text' ? parseMemory(file.text) : undefined;
    if (memory === undefined) return garbled(path);
    for (const { state, usage, utilization } of this.#series) {
      readings.push({ sensor: usage, value: memory.byState[state] });
      readings.push({ sensor: utilization, value: memory.byState[state] / memory.total });
    }
    readings.push({ sensor: this.#limit, value: memory.total });
    if (memory.available === undefined) return undefined;
    readings.push({ sensor: this.#available, value: memory.available });
    // Memory that programs cannot get. Caches that the kernel would free are not part of it.
    readings.push({ sensor: this.#percent, value: (1 - memory.available / memory.total) * 100 });
    return undefined;
  }
}
