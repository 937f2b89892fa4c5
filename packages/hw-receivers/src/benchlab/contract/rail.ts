import type { PowerRole } from '@benchlab-otel/core';

/** Which consumer a rail feeds. */
export type RailRole = Exclude<PowerRole, 'system'>;

/**
 * The consumer behind a rail, after the vendor's grouping: EPS feeds the processor, PCIe and 12V-2x6 the GPU, ATX the
 * board. Undefined for a wire of a 12V-2x6 connector: the reading of its connector includes its current.
 */
export function roleOf(rail: string): RailRole | undefined {
  if (connectorOf(rail) !== undefined) return undefined;
  if (rail.startsWith('EPS')) return 'cpu';
  if (rail.startsWith('PCIE') || rail.startsWith('HPWR')) return 'gpu';
  return 'board';
}

/** The connector that a wire is part of: HPWR1 for HPWR1_W3. Undefined for whole rails. */
export function connectorOf(rail: string): string | undefined {
  return /^(HPWR\d+)_W\d+$/.exec(rail)?.[1];
}

/** Totals in watts from raw integers. */
export type Totaliser = (raw: Int32Array) => Readonly<Record<PowerRole, number>>;

/**
 * @param slots where each rail's power in milliwatts is, in the order of `rails`
 */
export function totaliser(rails: readonly string[], slots: readonly number[]): Totaliser {
  const slotsOf = (role: RailRole) => slots.filter((_, index) => roleOf(rails[index] ?? '') === role);
  const [cpuSlots, gpuSlots, boardSlots] = [slotsOf('cpu'), slotsOf('gpu'), slotsOf('board')];
  return (raw) => {
    // Whole milliwatts in floating point: exact, and wider than the int32 in which the vendor's C# sum wraps.
    const [cpu, gpu, board] = [sum(raw, cpuSlots), sum(raw, gpuSlots), sum(raw, boardSlots)];
    return { system: (cpu + gpu + board) / 1000, cpu: cpu / 1000, gpu: gpu / 1000, board: board / 1000 };
  };
}

function sum(raw: Int32Array, slots: readonly number[]): number {
  let total = 0;
  for (const slot of slots) total += raw[slot] ?? 0;
  return total;
}
