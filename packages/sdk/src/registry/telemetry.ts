import type { MetricDefinition } from './definition.ts';

// What the telemetry says of itself.
const none = [] as const;
const metric = ['benchlab.metric'] as const;
const record = ['benchlab.record.fault'] as const;
const own = { stability: 'development', origin: 'benchlab' } as const;

export const benchlabPageMergedPoints: MetricDefinition<typeof none> = {
  name: 'benchlab.page.merged_points',
  unit: '{point}',
  instrument: 'gauge',
  attributes: none,
  description: 'Points of the latest scrape that were merged into another because their labels had become equal.',
  ...own,
};

export const benchlabPageDroppedMetrics: MetricDefinition<typeof none> = {
  name: 'benchlab.page.dropped_metrics',
  unit: '{metric}',
  instrument: 'gauge',
  attributes: none,
  description: 'Metrics left out of the latest scrape: their name is another metric already, or they cannot be shown.',
  ...own,
};

export const benchlabPageOverflow: MetricDefinition<typeof metric> = {
  name: 'benchlab.page.overflow',
  unit: '{series}',
  instrument: 'gauge',
  attributes: metric,
  description:
    'Overflow series of the latest scrape: the metric has more attribute sets than are kept apart, and the rest is one series.',
  ...own,
};

export const benchlabRecordFaults: MetricDefinition<typeof record> = {
  name: 'benchlab.record.faults',
  unit: '{fault}',
  instrument: 'counter',
  attributes: record,
  description:
    'Faults of what was to be recorded: points and attributes that were dropped or corrected, spans without what they must say.',
  ...own,
};
