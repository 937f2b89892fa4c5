import { durationMs, type TimeRange } from './timeRange.ts';

export interface IntervalOptions {
  readonly range: TimeRange;
  /** A point for each pixel, as Grafana asks. */
  readonly widthPixels: number;
  /** The "Scrape interval" of the data source. */
  readonly scrapeIntervalMs: number;
  /** The smallest step that the panel asks for, such as `1m`. */
  readonly least?: string;
  /** That of the query itself, which Grafana takes for the scrape interval of its series. */
  readonly leastOfQuery?: string;
}

export interface Interval {
  readonly stepMs: number;
  readonly rateIntervalMs: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** Steps that fall on full units of time. */
const evenSteps: readonly number[] = [
  ...[1, 2, 5, 10, 15, 20, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 20, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 7, 30].map((count) => count * day),
];
/** The most points that Prometheus returns of a series, less a margin (its limit is 11,000). */
const mostPoints = 10_000;

/**
 * The step of a query, and `$__rate_interval`: at least four scrapes, and a step and a scrape
 * (https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/#use-__rate_interval).
 */
export function interval({ range, widthPixels, scrapeIntervalMs, least, leastOfQuery }: IntervalOptions): Interval {
  const span = range.toMs - range.fromMs;
  const wanted = span / Math.max(1, Math.min(widthPixels, mostPoints));
  const scrape = stated(leastOfQuery) ?? scrapeIntervalMs;
  const stepMs = Math.max(nearestEven(wanted), scrape, stated(least) ?? 0);
  return { stepMs, rateIntervalMs: Math.max(stepMs + scrape, 4 * scrape) };
}

function stated(least: string | undefined): number | undefined {
  return least === undefined || least === '' ? undefined : durationMs(least.replace(/^>/, ''));
}

/** The even step that is nearest, the smaller one where two are as near. */
function nearestEven(wantedMs: number): number {
  return evenSteps.reduce((best, step) => (Math.abs(step - wantedMs) < Math.abs(best - wantedMs) ? step : best));
}

/** A duration as Prometheus reads it. */
export function promDuration(ms: number): string {
  const [unit, size] =
    ms % hour === 0 ? (['h', hour] as const) : ms % minute === 0 ? (['m', minute] as const) : (['s', second] as const);
  return ms % second === 0 ? `${ms / size}${unit}` : `${Math.round(ms)}ms`;
}
