import type { WantedPair } from '@benchlab-otel/analysis';
import type { AlignOptions } from '@benchlab-otel/session';

/** How stages are paired. */
export interface PairOptions {
  readonly pair: readonly WantedPair[];
  /** ms */
  readonly window?: number;
}

/** What the commands share that read sessions. */
export interface SessionOptions extends PairOptions {
  /** ms since the first line of the session. */
  readonly from?: number;
  readonly to?: number;
}

export function alignOptions({ pair, window }: PairOptions): AlignOptions {
  return { ...(pair.length === 0 ? {} : { pairs: pair }), ...(window === undefined ? {} : { windowMs: window }) };
}
