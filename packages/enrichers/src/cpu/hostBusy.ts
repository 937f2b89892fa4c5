import { closeSync, openSync, readSync } from 'node:fs';

// USER_HZ is 100 on every architecture that Node runs on (Linux, include/asm-generic/param.h).
const ticksPerSecond = 100;
/** Of user, nice, system, idle, iowait, irq, softirq, steal: where no task runs. */
const idleColumn = 3;
const iowaitColumn = 4;

/**
 * Seconds that the processors of the host were busy since it booted, by the first line of /proc/stat (Linux,
 * Documentation/filesystems/proc.rst): all but idle and iowait. Steal is in it, because another machine ran then on what
 * draws the power. The guest fields are left out, because user and nice contain them. Undefined for any other text.
 */
export function parseHostBusy(text: string): number | undefined {
  const line = /^cpu +(\d+(?: \d+){7,}) *\n/.exec(text)?.[1];
  if (line === undefined) return undefined;
  const ticks = line.split(' ', 8).map(Number);
  const busy = ticks.reduce((sum, each, k) => (k === idleColumn || k === iowaitColumn ? sum : sum + each), 0);
  return Number.isSafeInteger(busy) ? busy / ticksPerSecond : undefined;
}

/** The start of /proc/stat: its first line is at most 214 characters. */
export function readHostStat(): string {
  const file = openSync('/proc/stat', 'r');
  try {
    const buffer = Buffer.alloc(256);
    return buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(file);
  }
}
