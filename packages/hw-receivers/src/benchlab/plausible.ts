import type { Quantity } from './quantity.ts';

// The range of the board's thermistors reaches to 150: a connector beyond 100 is the reading that matters most, so the
// vendor's own bound of 100 is not used. Humidity is a share.
const bounds: Partial<Record<Quantity['kind'], readonly [low: number, high: number]>> = {
  celsius: [-55, 150],
  humidity: [0, 1],
};

/** Makes absent (NaN) what cannot be, and returns how many values that were. */
export function dropImplausible(quantities: readonly Quantity[], values: Float64Array): number {
  let dropped = 0;
  let index = -1;
  for (const quantity of quantities) {
    index++;
    const bound = bounds[quantity.kind];
    const value = values[index];
    if (bound === undefined || value === undefined || Number.isNaN(value)) continue;
    if (value >= bound[0] && value <= bound[1]) continue;
    values[index] = Number.NaN;
    dropped++;
  }
  return dropped;
}
