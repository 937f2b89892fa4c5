import type { Quantity } from '../contract/quantity.ts';

/**
 * Raw counts to SI values, one for each quantity; NaN where there is no value. It returns how often the ambient sensor
 * failed: 0 or 1.
 */
export type Normaliser = (raw: Int32Array, values: Float64Array) => number;

/** Markers of the firmware become NaN. No value is judged here: see plausible.ts. */
export function normaliser(quantities: readonly Quantity[]): Normaliser {
  const indexOf = (kind: Quantity['kind']) =>
    quantities.findIndex((quantity) => quantity.location === 'AMBIENT' && quantity.kind === kind);
  const ambient = indexOf('celsius');
  const humidity = indexOf('humidity');
  return (raw, values) => {
    let index = 0;
    for (const quantity of quantities) values[index++] = siValue(quantity, raw[quantity.slot]);
    // A failed read of the ambient sensor is reported as 0 and 0 (vendor advisory tamb-hum-zero-on-failure), and
    // 0 degrees together with 0 % does not occur on a bench. One zero alone is kept.
    if (values[ambient] !== 0 || values[humidity] !== 0) return 0;
    values[ambient] = Number.NaN;
    values[humidity] = Number.NaN;
    return 1;
  };
}

function siValue(quantity: Quantity, count: number | undefined): number {
  if (count === undefined || count === quantity.missing) return Number.NaN;
  if (quantity.kind === 'enabled') return count === 0 ? 0 : 1;
  return count / quantity.countsPerUnit; // a division: 12045 / 1000 is 12.045, 12045 * 0.001 is not
}
