/** A poll that is late or fails once or twice is no gap. */
const PERIODS_PER_GAP = 4;
/** A busy host delays polls by many short periods; the error of what is joined across that is known from the step. */
const SHORTEST_GAP_NS = 0.5e9;

/**
 * Silence longer than this is a gap, ns: nothing is known about it, and nothing is counted for it. One rule for the
 * counters of energy and for the energy of spans.
 *
 * @param periodNs how often the source is usually sampled
 */
export function gapLimitNs(periodNs: number): number {
  return Math.max(PERIODS_PER_GAP * periodNs, SHORTEST_GAP_NS);
}
