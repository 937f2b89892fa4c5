import type { Reading } from '@benchlab-otel/core';
import { attribute, metric } from '@benchlab-otel/core/definitions';
import type { HostFiles } from './files.ts';
import { garbled, type HostPart, oddField, unreadable } from './part.ts';
import { completeLines, count } from './text.ts';

const states = ['used', 'free', 'buffers', 'cached'] as const;
type MemoryState = (typeof states)[number];

/** Bytes. What the file does not have, or has wrong, is absent. */
interface Memory {
  readonly total?: number | undefined;
  /** They add up to `total`. */
  readonly byState: Readonly<Partial<Record<MemoryState, number>>>;
  /** Since Linux 3.14. */
  readonly available?: number | undefined;
  readonly problems: readonly string[];
}

const path = '/proc/meminfo';
const bytesPerKilobyte = 1024;
const wanted = ['MemTotal', 'MemFree', 'MemAvailable', 'Buffers', 'Cached', 'SReclaimable'];

/** Linux, Documentation/filesystems/proc.rst, "meminfo". What is cached includes reclaimable slabs, as free(1) counts. */
function parseMemory(text: string): Memory | undefined {
  const bytes = new Map<string, number>();
  const problems: string[] = [];
  const { lines, isCut } = completeLines(text);
  for (const line of lines) {
    const [, name = '', rest = ''] = /^(\w+):(.*)$/.exec(line) ?? [];
    if (!wanted.includes(name)) continue;
    const value = count(/^ +(\d+) kB$/.exec(rest)?.[1]);
    if (value === undefined) problems.push(oddField(path, name));
    else bytes.set(name, value * bytesPerKilobyte);
  }
  if (bytes.size === 0) return undefined;
  if (isCut) problems.unshift(garbled(path));
  for (const name of isCut ? [] : wanted) {
    const isKnown = bytes.has(name) || name === 'MemAvailable' || problems.some((each) => each.includes(`: ${name} `));
    if (!isKnown) problems.push(`${path} has no ${name}, and what is counted from it is left out`);
  }
  const total = bytes.get('MemTotal') || undefined;
  const [free, buffers] = [bytes.get('MemFree'), bytes.get('Buffers')];
  const [pages, slabs] = [bytes.get('Cached'), bytes.get('SReclaimable')];
  const cached = pages === undefined || slabs === undefined ? undefined : pages + slabs;
  let used: number | undefined;
  if (total !== undefined && free !== undefined && buffers !== undefined && cached !== undefined) {
    used = total - free - buffers - cached;
    // A container may see the page cache of its host next to its own limit (lxcfs).
    if (used < 0) {
      problems.push(`${path}: free and cached memory are more than MemTotal, and used memory is left out`);
      used = undefined;
    }
  }
  let available = bytes.get('MemAvailable');
  if (available !== undefined && total !== undefined && available > total) {
    problems.push(oddField(path, 'MemAvailable'));
    available = undefined;
  }
  const byState = { ...(used !== undefined && { used }), ...(free !== undefined && { free }) };
  return {
    total,
    byState: { ...byState, ...(buffers !== undefined && { buffers }), ...(cached !== undefined && { cached }) },
    available,
    problems,
  };
}

export class MemoryPart implements HostPart {
  readonly #series = states.map((state) => ({
    state,
    usage: { metric: metric.systemMemoryUsageBytes, attributes: { [attribute.systemMemoryState]: state } },
    utilization: { metric: metric.systemMemoryUtilization, attributes: { [attribute.systemMemoryState]: state } },
  }));
  readonly #limit = { metric: metric.systemMemoryLimit, attributes: {} };
  readonly #available = { metric: metric.systemMemoryLinuxAvailable, attributes: {} };
  readonly #percent = { metric: metric.systemMemoryUsage, attributes: {} };

  read(files: HostFiles, readings: Reading[]): readonly string[] {
    const file = files.read(path);
    if (file.kind !== 'text') return unreadable(path, file.kind);
    const memory = parseMemory(file.text);
    if (memory === undefined) return [garbled(path)];
    const { total, byState, available, problems } = memory;
    for (const { state, usage, utilization } of this.#series) {
      const bytes = byState[state];
      if (bytes === undefined) continue;
      readings.push({ sensor: usage, value: bytes });
      if (total !== undefined && bytes <= total) readings.push({ sensor: utilization, value: bytes / total });
    }
    if (total !== undefined) readings.push({ sensor: this.#limit, value: total });
    if (available !== undefined) readings.push({ sensor: this.#available, value: available });
    // Memory that programs cannot get. Caches that the kernel would free are not part of it.
    if (available !== undefined && total !== undefined) {
      readings.push({ sensor: this.#percent, value: (1 - available / total) * 100 });
    }
    return problems;
  }
}
