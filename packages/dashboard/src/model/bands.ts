/** A line of many values in few pixels: the least and the greatest value of each. NaN where a pixel has none. */
export interface Band {
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** The newest value of each pixel, for a line where a band would be too wide. */
  readonly last: Float64Array;
  /** Values that are drawn. */
  readonly n: number;
  readonly least?: number;
  readonly greatest?: number;
}

/** Values at times, for `bandOf`. Called for rows from `start` to before `end`. */
export interface TimedValues {
  timeMs(row: number): number;
  /** NaN: absent. */
  value(row: number): number;
}

/**
 * Divides the time from `fromMs` to `toMs` into `pixels` equal parts. No least and no greatest value gets lost, however many
 * values a part has, and a part without a value stays empty, so that a chart draws a gap where nothing was measured.
 *
 * @param pixels at least 1
 */
export function bandOf(
  values: TimedValues,
  [start, end]: readonly [start: number, end: number],
  [fromMs, toMs]: readonly [fromMs: number, toMs: number],
  pixels: number,
): Band {
  const [min, max, last] = [empty(pixels), empty(pixels), empty(pixels)];
  const perMs = pixels / Math.max(toMs - fromMs, Number.MIN_VALUE);
  let [n, least, greatest] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = start; row < end; row++) {
    const value = values.value(row);
    if (Number.isNaN(value)) continue;
    const pixel = Math.min(pixels - 1, Math.max(0, Math.floor((values.timeMs(row) - fromMs) * perMs)));
    // NaN compares as false with everything: the first value of a pixel is taken by the negation.
    if (!((min[pixel] ?? Number.NaN) <= value)) min[pixel] = value;
    if (!((max[pixel] ?? Number.NaN) >= value)) max[pixel] = value;
    last[pixel] = value;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    n++;
  }
  return { min, max, last, n, ...(n === 0 ? {} : { least, greatest }) };
}

function empty(pixels: number): Float64Array {
  return new Float64Array(pixels).fill(Number.NaN);
}
