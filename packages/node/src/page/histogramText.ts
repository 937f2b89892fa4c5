import type { Histogram } from '@opentelemetry/sdk-metrics';
import { beforeValue, boundText, valueText } from './exposition.ts';
import type { Exemplar } from './recentExemplars.ts';

export interface HistogramTextOptions {
  readonly isOpenMetrics: boolean;
  /** Newest first; each bucket shows its newest. */
  readonly exemplars?: readonly Exemplar[];
}

/** The samples of one histogram: cumulative buckets up to infinity, the sum if it has one, and the count. */
export function histogramText(
  name: string,
  labels: string,
  histogram: Histogram,
  options: HistogramTextOptions,
): string {
  const { buckets, sum, count } = histogram;
  const { isOpenMetrics, exemplars = [] } = options;
  const before = labels === '' ? '' : `${labels},`;
  const bucketName = `${name}_bucket`;
  let text = '';
  let total = 0;
  let below = -Infinity;
  const bucket = (bound: number, value: number) => {
    const exemplar = exemplars.find((each) => each.value > below && each.value <= bound);
    below = bound;
    const le = `${before}le="${boundText(bound, isOpenMetrics)}"`;
    return `${beforeValue(bucketName, le)}${value}${exemplar === undefined ? '' : exemplarText(exemplar)}\n`;
  };
  for (const [i, bound] of buckets.boundaries.entries()) {
    // Some aggregators list infinity among their bounds; it is written once, below.
    if (bound === Infinity) break;
    total += buckets.counts[i] ?? 0;
    text += bucket(bound, total);
  }
  text += bucket(Infinity, count);
  // OpenMetrics has the sum and the count together, or none of them.
  if (isOpenMetrics && (sum === undefined || !isCounterLike(sum, buckets.boundaries))) return text;
  if (sum !== undefined) text += `${beforeValue(`${name}_sum`, labels)}${valueText(sum)}\n`;
  return `${text}${beforeValue(`${name}_count`, labels)}${count}\n`;
}

/** In OpenMetrics, the text after the value of a bucket or of a counter. */
export function exemplarText({ traceId, spanId, value, timeMs }: Exemplar): string {
  return ` # {trace_id="${traceId}",span_id="${spanId}"} ${valueText(value)} ${(timeMs / 1000).toFixed(3)}`;
}

/** OpenMetrics 1.0, "Histogram": a sum that may fall is not exposed. */
function isCounterLike(sum: number, bounds: readonly number[]): boolean {
  return sum >= 0 && !((bounds[0] ?? 0) < 0);
}
