import type { WantedPair } from '@benchlab-otel/analysis';
import type { AlignOptions } from '@benchlab-otel/session';

/** What the commands of sessions share. */
export interface SessionOptions {
  readonly pair: readonly WantedPair[];
  /** ms */
  readonly window?: number;
  /** ms since the first line of the session. */
  readonly from?: number;
  readonly to?: number;
}

export function alignOptions({ pair, window }: SessionOptions): AlignOptions {
  return { ...(pair.length === 0 ? {} : { pairs: pair }), ...(window === undefined ? {} : { windowMs: window }) };
}
