import { faultBits } from './contract.ts';

/** Bits in a fault word of BENCHLAB 2. */
export const faultWordBits = 64;

const published = new Map(
  Object.entries(faultBits).map(([name, bit]) => [bit, name.replace(/^FAULT_/, '').toLowerCase()]),
);

/** The bits that the firmware contract names, in order. */
export const publishedFaults: readonly number[] = [...published.keys()].sort((a, b) => a - b);

/** `wire_ocp_hpwr1_wire3` for bit 22: the contract's name without its prefix. `unknown_40` where it has none. */
export function faultName(bit: number): string {
  return published.get(bit) ?? `unknown_${bit}`;
}

/** Whether a bit of a 64-bit word is set, the word given as two 32-bit halves of either sign. */
export function isFaultSet(low: number, high: number, bit: number): boolean {
  return (((bit < 32 ? low : high) >>> (bit % 32)) & 1) === 1;
}

/** Names of all set bits, lowest first. */
export function faultNames(low: number, high: number): string[] {
  if (low === 0 && high === 0) return [];
  return Array.from({ length: faultWordBits }, (_, bit) => bit)
    .filter((bit) => isFaultSet(low, high, bit))
    .map(faultName);
}
