import type { Observed } from '@benchlab-otel/analysis';

/** What is asked of a program beyond its spans. */
export interface WantedObservation {
  /** Whether all that is wanted has come. Until then a metrics page is read often, and a receiver stays. */
  satisfied(observed: Observed): boolean;
  /** Called once, at the end, with all that the program showed of itself. */
  ended?(observed: Observed): void;
}
