import type { Band } from './bands.ts';
import type { Trend } from './trend.ts';
import type { ViewRange } from './view.ts';

/** Curves over the range. */
export interface Chart {
  readonly range: ViewRange;
  /** ms */
  readonly latency: Band;
  /** W */
  readonly power: Band;
}

/** How the figures of the headline, and of the power of its node, went over the range. */
export interface Trends {
  readonly latency: Trend;
  readonly power: Trend;
}
