import type { Quantity } from '../contract/quantity.ts';

type Bounds = readonly [low: number, high: number];

// The range of the board's thermistors reaches to 150: a connector beyond 100 is the most important reading, so the
// vendor's bound of 100 is not used. Humidity and duty are shares.
const bounds: Partial<Record<Quantity['kind'], Bounds>> = {
  celsius: [-55, 150],
  humidity: [0, 1],
  duty: [0, 1],
};

/**
 * Volts that a supply rail can have. A rail without load or supply reads about 0, and a little below by its offset; above
 * is where every ATX supply has switched itself off (over-voltage protection of the
 * ATX design guide: at the latest at 15.6, 7.0 and 4.3 V).
 */
export function voltBounds(rail: string): Bounds {
  if (rail.startsWith('ATX3V')) return [-0.5, 4.5];
  if (rail.startsWith('ATX5V')) return [-0.5, 7];
  return [-0.5, 15.6];
}

/** The possible range of a value on its own. Undefined where only the frame as a whole shows it. */
export function boundsOf({ kind, location }: Quantity, rails: ReadonlySet<string>): Bounds | undefined {
  return kind === 'volts' && rails.has(location) ? voltBounds(location) : bounds[kind];
}

/**
 * Makes impossible values absent (NaN) and returns how many there were.
 *
 * @param rails names of the supply rails: their volts are judged. Inputs VIN may have any voltage
 */
export function dropImplausible(
  quantities: readonly Quantity[],
  values: Float64Array,
  rails: ReadonlySet<string> = new Set(),
): number {
  let dropped = 0;
  let index = -1;
  for (const quantity of quantities) {
    index++;
    const bound = boundsOf(quantity, rails);
    const value = values[index];
    if (bound === undefined || value === undefined || Number.isNaN(value)) continue;
    if (value >= bound[0] && value <= bound[1]) continue;
    values[index] = Number.NaN;
    dropped++;
  }
  return dropped;
}
