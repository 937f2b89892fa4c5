import { attribute, metric, type SelfCount } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';

const dropReasons = ['too_slow', 'no_room'] as const;
const refusals = ['too_many', 'too_slow', 'not_silent'] as const;

/** The same object each time, as `SelfCount` requires. */
const attributesOf = new Map<string, Attributes>(
  [...dropReasons, ...refusals].map((reason) => [reason, { [attribute.errorType]: reason }]),
);

/** What a bus counts of itself. Every count is reported from the start, so that rates include the first of each. */
export class BusCounts {
  sentBytes = 0;
  readonly dropped: Record<(typeof dropReasons)[number], number> = { too_slow: 0, no_room: 0 };
  readonly refused: Record<(typeof refusals)[number], number> = { too_many: 0, too_slow: 0, not_silent: 0 };

  all(readers: number): readonly SelfCount[] {
    return [
      { definition: metric.benchlabBusReaders, value: readers },
      { definition: metric.benchlabBusSent, value: this.sentBytes },
      ...dropReasons.map((reason) => ({
        definition: metric.benchlabBusDropped,
        value: this.dropped[reason],
        attributes: attributesOf.get(reason) ?? {},
      })),
      ...refusals.map((reason) => ({
        definition: metric.benchlabBusRefused,
        value: this.refused[reason],
        attributes: attributesOf.get(reason) ?? {},
      })),
    ];
  }
}
