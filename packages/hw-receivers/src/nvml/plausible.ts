import type { GpuValues } from './values.ts';

type Bounds = readonly [low: number, high: number];

const percent: Bounds = [0, 100];
/** A 32-bit or 64-bit number of all ones means "not known". */
const word: Bounds = [0, 0xffff_fffe];
const long: Bounds = [0, Number.MAX_SAFE_INTEGER];
const celsius: Bounds = [-50, 200];
/** The largest boards are built for 1.4 kW; nothing in a PC draws five times that. */
export const mostMilliwatts = 7e6;
const milliwatts: Bounds = [0, mostMilliwatts];
const megahertz: Bounds = [0, 100_000];

// Drivers are known to report more than 100 % (Syllo/nvtop#110), and all ones for an unknown value.
const bounds: readonly (readonly [RegExp, Bounds])[] = [
  [/^(utilization|encoder|decoder|jpeg|ofa)$/, percent],
  // Over 100 is documented: the maximum is that of the default curve.
  [/^fan\dPercent$/, [0, 250]],
  [/^fan\dRpm$/, [0, 100_000]],
  [/^(temperature|memoryTemperature|threshold\w+)$/, celsius],
  [/Milliwatts$/, milliwatts],
  [/^(maxC|c)lock(Graphics|Sm|Memory|Video)$/, megahertz],
  // 32 stands for unknown. It counts as absent before this check.
  [/^performanceState$/, [0, 15]],
  [/^pcie(Generation|Width)$/, [0, 64]],
  [/^pcie/, word],
  [/^memory(Total|Used)$/, [0, 2 ** 50]],
];

/** Removes impossible values. Returns the rest, and how many were removed. */
export function plausible(values: GpuValues): { readonly values: GpuValues; readonly rejected: number } {
  const kept: Record<string, number> = {};
  let rejected = 0;
  for (const [name, value] of Object.entries(values)) {
    if (name === 'performanceState' && value === unknownState) continue;
    const [low, high] = bounds.find(([pattern]) => pattern.test(name))?.[1] ?? long;
    if (value >= low && value <= high) kept[name] = value;
    else rejected++;
  }
  const { memoryTotal, memoryUsed } = kept;
  if (memoryUsed !== undefined && (memoryTotal === undefined || memoryUsed > memoryTotal)) {
    delete kept.memoryUsed;
    rejected++;
  }
  return { values: kept, rejected };
}

/** NVML_PSTATE_UNKNOWN. */
const unknownState = 32;
