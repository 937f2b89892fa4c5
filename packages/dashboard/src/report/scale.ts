/** Values on an axis of a drawing. */
export interface Scale {
  readonly least: number;
  readonly greatest: number;
  /** Round values within it. */
  readonly ticks: readonly number[];
  /** The place of a value, px. */
  at(value: number): number;
}

const ms = 1;
const [second, minute, hour, day] = [1e3, 60e3, 3600e3, 86_400e3];
/** Steps of time that people count in. */
const timeSteps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((each) => each * ms),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * second),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * minute),
  ...[1, 2, 3, 6, 12].map((each) => each * hour),
  ...[1, 2, 7, 14, 30, 90, 365].map((each) => each * day),
];

/**
 * A scale of values with room above and below, and not below 0.
 *
 * @param from the place of the least value, px
 * @param to that of the greatest
 */
export function valueScale(least: number, greatest: number, from: number, to: number, most = 8): Scale {
  const room = (greatest - least || Math.abs(greatest) || 1) * 0.08;
  const [low, high] = [Math.max(0, least - room), greatest + room];
  return scaleOf(low, high, from, to, niceStep((high - low) / most));
}

/** A scale of time from `fromMs` to `toMs`, ms since 1970. Its ticks are round in UTC. */
export function timeScale(fromMs: number, toMs: number, from: number, to: number, most: number): Scale {
  const wanted = (toMs - fromMs) / most;
  return scaleOf(fromMs, toMs, from, to, timeSteps.find((step) => step >= wanted) ?? niceStep(wanted / day) * day);
}

function scaleOf(least: number, greatest: number, from: number, to: number, step: number): Scale {
  const first = Math.ceil(least / step - 1e-9);
  const count = Math.max(0, Math.floor(greatest / step + 1e-9) - first + 1);
  const perUnit = (to - from) / (greatest - least || 1);
  return {
    least,
    greatest,
    ticks: Array.from({ length: Math.min(count, 50) }, (_, at) => (first + at) * step),
    at: (value) => from + (value - least) * perUnit,
  };
}

/** The least of 1, 2 and 5 times a power of ten that is not below `width`. */
function niceStep(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width || 1));
  return ([1, 2, 5].find((each) => each * power >= width * (1 - 1e-9)) ?? 10) * power;
}
