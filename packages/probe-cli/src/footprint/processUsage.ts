import { readFileSync } from 'node:fs';

/** What a process has taken so far. */
export interface ProcessUsage {
  /** Processor time of all its threads, s. */
  readonly cpuSeconds: number;
  /** Memory in RAM (VmRSS), bytes. */
  readonly rssBytes: number;
}

/** USER_HZ, in which /proc/PID/stat counts on every Linux that Node runs on (proc(5)). */
const ticksPerSecond = 100;

/** @throws the error of the system for a process that has ended */
export function usageOf(pid: number): ProcessUsage {
  const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
  return { cpuSeconds: cpuSecondsIn(read('stat')), rssBytes: rssBytesIn(read('status')) };
}

/** Fields 14 and 15 of /proc/PID/stat, counted from 1. The name, which may hold spaces, is before the last bracket. */
export function cpuSecondsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

export function rssBytesIn(status: string): number {
  const [, kilobytes = ''] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number(kilobytes === '' ? Number.NaN : kilobytes) * 1024;
}
