import { attribute, metric, type Reading, type Sensor } from '@benchlab-otel/core';
import type { HostFiles } from './files.ts';
import { garbled, type HostPart } from './part.ts';
import { completeLines, counts } from './text.ts';

const cpuModes = ['user', 'nice', 'system', 'idle', 'iowait', 'interrupt', 'steal'] as const;
type CpuMode = (typeof cpuModes)[number];

export interface CpuTimes {
  /** Seconds of all logical processors together. */
  readonly seconds: Readonly<Record<CpuMode, number>>;
  readonly logicalCount: number;
}

const path = '/proc/stat';
// USER_HZ is 100 on every architecture that Node runs on (Linux, include/asm-generic/param.h).
const ticksPerSecond = 100;

/** The times in /proc/stat (Linux, Documentation/filesystems/proc.rst, "Miscellaneous kernel statistics"). */
function parseCpu(text: string): CpuTimes | undefined {
  const { lines } = completeLines(text);
  const all = lines.find((line) => line.startsWith('cpu '));
  // The guest times follow the eighth field. User and nice include them already.
  const ticks = counts(all?.split(/\s+/).slice(1, 9) ?? []);
  const logicalCount = lines.filter((line) => /^cpu\d+ /.test(line)).length;
  // The line after those of the processors: without it, some of them may have been cut off.
  const isWhole = lines.some((line) => line.startsWith('intr '));
  if (ticks?.length !== 8 || logicalCount === 0 || !isWhole) return undefined;
  const [user, nice, system, idle, iowait, irq, softirq, steal] = ticks.map((each) => each / ticksPerSecond);
  if (steal === undefined) return undefined;
  const interrupt = (irq ?? 0) + (softirq ?? 0);
  return {
    seconds: {
      user: user ?? 0,
      nice: nice ?? 0,
      system: system ?? 0,
      idle: idle ?? 0,
      iowait: iowait ?? 0,
      interrupt,
      steal,
    },
    logicalCount,
  };
}

interface ModeSeries {
  readonly mode: CpuMode;
  readonly time: Sensor;
  readonly utilization: Sensor;
}

/** Time and utilization by mode. Utilization needs two polls. */
export class CpuPart implements HostPart {
  readonly #series: readonly ModeSeries[] = cpuModes.map((mode) => ({
    mode,
    time: { metric: metric.systemCpuTime, attributes: { [attribute.cpuMode]: mode } },
    utilization: { metric: metric.systemCpuUtilization, attributes: { [attribute.cpuMode]: mode } },
  }));
  readonly #percent: Sensor = { metric: metric.systemCpuUsage, attributes: {} };
  readonly #count: Sensor = { metric: metric.systemCpuLogicalCount, attributes: {} };
  #before: CpuTimes['seconds'] | undefined;

  read(files: HostFiles, readings: Reading[]): string | undefined {
    const file = files.read(path);
    if (file.kind === 'absent') return undefined;
    const times = file.kind === 'text' ? parseCpu(file.text) : undefined;
    if (times === undefined) {
      this.#before = undefined;
      return garbled(path);
    }
    const seconds = withoutSteps(times.seconds, this.#before);
    const shares = this.#before && sharesOf(seconds, this.#before);
    for (const { mode, time, utilization } of this.#series) {
      readings.push({ sensor: time, value: seconds[mode] });
      if (shares) readings.push({ sensor: utilization, value: shares[mode] });
    }
    // Waiting for a disk is not work: idle and iowait are left out, and only those.
    if (shares) readings.push({ sensor: this.#percent, value: (1 - shares.idle - shares.iowait) * 100 });
    readings.push({ sensor: this.#count, value: times.logicalCount });
    this.#before = seconds;
    return undefined;
  }
}

// A larger step back than this is a counter that started again, as when the set of processors changed.
const maxStepBackSeconds = 3;

/** The kernel lets idle and iowait fall by a few ticks (proc.rst states it for iowait). A counter must not fall. */
function withoutSteps(now: CpuTimes['seconds'], before: CpuTimes['seconds'] | undefined): CpuTimes['seconds'] {
  if (before === undefined || cpuModes.some((mode) => before[mode] - now[mode] > maxStepBackSeconds)) return now;
  return byMode((mode) => Math.max(now[mode], before[mode]));
}

/** Undefined when no time has passed, or time ran backwards. */
function sharesOf(now: CpuTimes['seconds'], before: CpuTimes['seconds']): CpuTimes['seconds'] | undefined {
  const passed = byMode((mode) => now[mode] - before[mode]);
  const total = cpuModes.reduce((sum, mode) => sum + passed[mode], 0);
  if (!(total > 0) || cpuModes.some((mode) => passed[mode] < 0)) return undefined;
  return byMode((mode) => passed[mode] / total);
}

function byMode(value: (mode: CpuMode) => number): CpuTimes['seconds'] {
  return {
    user: value('user'),
    nice: value('nice'),
    system: value('system'),
    idle: value('idle'),
    iowait: value('iowait'),
    interrupt: value('interrupt'),
    steal: value('steal'),
  };
}
