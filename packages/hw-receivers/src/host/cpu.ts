import type { Reading, Sensor } from '@benchlab-otel/core';
import { attribute, metric } from '@benchlab-otel/core/definitions';
import type { HostFiles } from './files.ts';
import { garbled, type HostPart, oddField, unreadable } from './part.ts';
import { completeLines, counter } from './text.ts';

const cpuModes = ['user', 'nice', 'system', 'idle', 'iowait', 'interrupt', 'steal'] as const;
type CpuMode = (typeof cpuModes)[number];
/** Seconds of all logical processors together. A mode whose field is wrong is absent. */
type Seconds = Readonly<Partial<Record<CpuMode, number>>>;

interface CpuTimes {
  readonly seconds: Seconds;
  readonly logicalCount?: number;
  readonly problems: readonly string[];
}

const path = '/proc/stat';
// USER_HZ is 100 on every architecture that Node runs on (Linux, include/asm-generic/param.h).
const ticksPerSecond = 100;
/** The guest times follow. User and nice include them already. */
const fields = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
/** Reading the file and the clock takes time, and ticks are counted by each processor for itself. */
const slack = { share: 1.25, seconds: 0.2 } as const;

/** The times in /proc/stat (Linux, Documentation/filesystems/proc.rst, "Miscellaneous kernel statistics"). */
function parseCpu(text: string): CpuTimes | undefined {
  const { lines } = completeLines(text);
  const all = lines.find((line) => line.startsWith('cpu '));
  const words = all?.trim().split(/\s+/).slice(1) ?? [];
  if (words.length < fields.indexOf('iowait')) return undefined;
  const problems: string[] = [];
  const at = (name: (typeof fields)[number]): number | undefined => {
    const ticks = counter(words[fields.indexOf(name)]);
    if (ticks === undefined) problems.push(oddField(path, `the time of ${name}`));
    return ticks === undefined ? undefined : ticks / ticksPerSecond;
  };
  const [irq, softirq] = [at('irq'), at('softirq')];
  const interrupt = irq === undefined || softirq === undefined ? undefined : irq + softirq;
  const seconds = byMode((mode) => (mode === 'interrupt' ? interrupt : at(mode)));
  const logicalCount = lines.filter((line) => /^cpu\d+ /.test(line)).length;
  // The line after those of the processors: without it, some of them may have been cut off.
  const isWhole = lines.some((line) => line.startsWith('intr '));
  if (logicalCount > 0 && isWhole) return { seconds, logicalCount, problems };
  return { seconds, problems: [...problems, `${path}: the lines of the processors are missing or cut short`] };
}

/** Time and utilization by mode. Utilization needs two polls. */
export class CpuPart implements HostPart {
  readonly #series = cpuModes.map((mode) => ({
    mode,
    time: { metric: metric.systemCpuTime, attributes: { [attribute.cpuMode]: mode } },
    utilization: { metric: metric.systemCpuUtilization, attributes: { [attribute.cpuMode]: mode } },
  }));
  readonly #percent: Sensor = { metric: metric.systemCpuUsage, attributes: {} };
  readonly #count: Sensor = { metric: metric.systemCpuLogicalCount, attributes: {} };
  #before: { readonly seconds: Seconds; readonly timeNs: number; readonly logicalCount: number } | undefined;

  read(files: HostFiles, readings: Reading[], nowNs: number): readonly string[] {
    const file = files.read(path);
    const times = file.kind === 'text' ? parseCpu(file.text) : undefined;
    const before = this.#before;
    this.#before = undefined;
    if (file.kind !== 'text') return unreadable(path, file.kind);
    if (times === undefined) return [garbled(path)];
    const { logicalCount, problems } = times;
    const seconds = withoutSteps(times.seconds, before?.seconds);
    for (const { mode, time } of this.#series) {
      const value = seconds[mode];
      if (value !== undefined) readings.push({ sensor: time, value });
    }
    if (logicalCount !== undefined) {
      readings.push({ sensor: this.#count, value: logicalCount });
      this.#before = { seconds, timeNs: nowNs, logicalCount };
    }
    if (before === undefined || logicalCount === undefined) return problems;
    const passed = passedOf(seconds, before.seconds);
    const most = Math.max(logicalCount, before.logicalCount) * ((nowNs - before.timeNs) / 1e9);
    if (total(passed) > most * slack.share + slack.seconds * logicalCount) {
      return [...problems, `${path}: more time passed than the processors have, and no shares of it are shown`];
    }
    this.#shares(passed, readings);
    return problems;
  }

  /** None when no time has passed, or time ran backwards. */
  #shares(passed: Seconds, readings: Reading[]): void {
    const sum = total(passed);
    if (!(sum > 0) || cpuModes.some((mode) => (passed[mode] ?? 0) < 0)) return;
    for (const { mode, utilization } of this.#series) {
      const seconds = passed[mode];
      if (seconds !== undefined) readings.push({ sensor: utilization, value: seconds / sum });
    }
    const { idle, iowait } = passed;
    // Waiting for a disk is not work: idle and iowait are left out, and only those.
    if (idle === undefined || iowait === undefined) return;
    readings.push({ sensor: this.#percent, value: (1 - (idle + iowait) / sum) * 100 });
  }
}

// A larger step back than this is a counter that started again, as when the set of processors changed.
const maxStepBackSeconds = 3;

/** The kernel lets idle and iowait fall by a few ticks (proc.rst states it for iowait). A counter must not fall. */
function withoutSteps(now: Seconds, before: Seconds | undefined): Seconds {
  if (before === undefined) return now;
  const fallen = (mode: CpuMode) => (before[mode] ?? 0) - (now[mode] ?? before[mode] ?? 0);
  if (cpuModes.some((mode) => fallen(mode) > maxStepBackSeconds)) return now;
  return byMode((mode) => {
    const value = now[mode];
    return value === undefined ? undefined : Math.max(value, before[mode] ?? 0);
  });
}

/** Of the modes that both have. */
function passedOf(now: Seconds, before: Seconds): Seconds {
  return byMode((mode) => {
    const [to, from] = [now[mode], before[mode]];
    return to === undefined || from === undefined ? undefined : to - from;
  });
}

function total(passed: Seconds): number {
  return cpuModes.reduce((sum, mode) => sum + (passed[mode] ?? 0), 0);
}

function byMode(value: (mode: CpuMode) => number | undefined): Seconds {
  const seconds: Partial<Record<CpuMode, number>> = {};
  for (const mode of cpuModes) {
    const each = value(mode);
    if (each !== undefined) seconds[mode] = each;
  }
  return seconds;
}
