/** Where the energy of one role went since the beginning, joules. `attributed + unattributed` is the integral of the rail. */
export interface Balance {
  /** Integral of the rail over the intervals that were settled. */
  joules: number;
  /** What the outermost spans have. */
  attributed: number;
  /** What no span has: nothing ran, strangers used it, or spans beyond the bound did. */
  unattributed: number;
  /** Baseline times time; 0 without a baseline. Part of `joules`, over attributed and unattributed alike. */
  idle: number;
  /** Intervals whose energy was below 0, as a positive number. They are part of `joules` with their sign. */
  negative: number;
  /** Seconds between samples for which nothing is known. */
  gapSeconds: number;
}

export function emptyBalance(): Balance {
  return { joules: 0, attributed: 0, unattributed: 0, idle: 0, negative: 0, gapSeconds: 0 };
}
