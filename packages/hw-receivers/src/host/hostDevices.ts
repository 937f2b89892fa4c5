import { Hwmon } from './hwmon.ts';
import type { HostPart } from './part.ts';
import * as parts from './parts.ts';
import { Rapl, type RaplMarks } from './rapl.ts';

/** What the host receiver can read: the parts of /proc, and two kinds of sensors of /sys. */
export type HostSourceName = keyof typeof parts | 'hwmon' | 'rapl';

/** All that the host receiver can read: what it reads where its option `sources` is absent. */
export const hostSourceNames: readonly HostSourceName[] = [
  ...(Object.keys(parts) as (keyof typeof parts)[]),
  'hwmon',
  'rapl',
];

/** The devices of a host that the options ask for. They outlive a run: counters and sensors stay. */
export interface HostDevices {
  readonly parts: readonly HostPart[];
  readonly hwmon: Hwmon | undefined;
  readonly rapl: Rapl | undefined;
}

/**
 * @param isRooted /proc and /sys are below another folder than `/`: they are those of the host of a container
 * @param marks where the energy counters stood in the thread before
 */
export function hostDevices(names: readonly HostSourceName[], isRooted: boolean, marks?: RaplMarks): HostDevices {
  const asked = new Set<string>(names);
  return {
    parts: Object.entries(parts).flatMap(([name, Part]) => (asked.has(name) ? [new Part({ isRooted })] : [])),
    hwmon: asked.has('hwmon') ? new Hwmon() : undefined,
    rapl: asked.has('rapl') ? new Rapl(marks) : undefined,
  };
}
