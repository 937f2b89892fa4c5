/** Round values from the first at or above `from` to the last at or below `to`: a step of 1, 2 or 5 times a power of ten. */
export function ticks(from: number, to: number, most: number): number[] {
  const span = to - from;
  if (!(span > 0) || !Number.isFinite(span) || most < 1) return Number.isFinite(from) ? [from] : [];
  const step = roundStep(span / most);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // A product, not a sum: adding the step would add its error each time.
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** The smallest of 1, 2, 5, 10, 20 … that is at least this. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

const minuteMs = 60_000;
const timeStepsMs: readonly number[] = [
  ...[1, 5, 10, 15, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map((minutes) => minutes * minuteMs),
];

/** Times on full units, in UTC. */
export function timeTicks(fromMs: number, toMs: number, most: number): number[] {
  const wanted = (toMs - fromMs) / Math.max(1, most);
  const step = timeStepsMs.find((each) => each >= wanted) ?? (timeStepsMs.at(-1) as number);
  const first = Math.ceil(fromMs / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((toMs - first) / step) + 1) }, (_, index) => first + index * step);
}

/** `14:30`, with seconds or the day where the time shown is short or long. */
export function timeText(timeMs: number, rangeMs: number): string {
  const text = new Date(timeMs).toISOString();
  if (rangeMs <= 10 * minuteMs) return text.slice(11, 19);
  if (rangeMs <= 36 * 60 * minuteMs) return text.slice(11, 16);
  return text.slice(5, 10).replace('-', '/');
}
