import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { counted } from '@benchlab-otel/analysis';

/** What the figures of a machine depend on besides the programs. Absent is what the system does not show. */
export interface MachineState {
  readonly model: string;
  readonly processors: number;
  /** The governors of the frequency of all processors. Empty in most virtual machines. */
  readonly governors: readonly string[];
  /** Processes that ran or waited to run, mean of the minute before the comparison. */
  readonly loadBefore: number;
  /** How often processors were slowed for their temperature during the comparison. */
  readonly throttled?: number;
}

/** Where Linux shows its processors: Documentation/ABI/testing/sysfs-devices-system-cpu of the kernel. */
const defaultFolder = '/sys/devices/system/cpu';
/** More load than this a processor, and other work takes time from the programs. */
const quietLoad = 0.5;

/** Watches a machine from now until `state()` is asked for. */
export function watchMachine(folder: string = defaultFolder, loads: () => readonly number[] = loadavg) {
  const [loadBefore = 0] = loads();
  const throttledBefore = throttleCount(folder);
  return {
    state(): MachineState {
      const throttledAfter = throttleCount(folder);
      return {
        model: cpus()[0]?.model.trim() ?? 'unknown',
        processors: availableParallelism(),
        governors: governors(folder),
        loadBefore,
        ...(throttledBefore !== undefined &&
          throttledAfter !== undefined && { throttled: throttledAfter - throttledBefore }),
      };
    },
  };
}

/** What the reader should know of it: each makes figures uneven, and more pairs needed. */
export function machineNotes({ governors, loadBefore, processors, throttled = 0 }: MachineState): readonly string[] {
  const slow = governors.filter((governor) => governor !== 'performance');
  return [
    ...(loadBefore > quietLoad * processors
      ? [
          `the machine had other work before the comparison: load ${loadBefore.toFixed(1)} on ${counted(processors, 'processor')}`,
        ]
      : []),
    ...(slow.length > 0
      ? [`the frequency of processors follows the governor ${slow.join(', ')}: "performance" makes figures steadier`]
      : []),
    ...(throttled > 0 ? [`processors were slowed ${counted(throttled, 'time')} for their temperature`] : []),
  ];
}

function governors(folder: string): readonly string[] {
  const found = processorsIn(folder).flatMap((name) => read(join(folder, name, 'cpufreq/scaling_governor')) ?? []);
  return [...new Set(found)].sort();
}

/** Undefined where no processor counts. */
function throttleCount(folder: string): number | undefined {
  const counts = processorsIn(folder)
    .map((name) => Number(read(join(folder, name, 'thermal_throttle/core_throttle_count')) ?? Number.NaN))
    .filter(Number.isFinite);
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

function processorsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^cpu[0-9]+$/.test(name));
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
