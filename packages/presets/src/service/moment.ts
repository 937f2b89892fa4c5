import type { Observation } from './observation.ts';
import type { Observations } from './observations.ts';
import type { Reading } from './reading.ts';

/** All that a snapshot is computed from. */
export interface Moment {
  readonly timestamp: Date;
  readonly reading: Reading;
  readonly now: Observation;
  /** The observations before `now`, and perhaps `now` itself. */
  readonly observations: Observations;
  readonly peakConnections: number | undefined;
  readonly sessionsAtMidnight: number;
}
