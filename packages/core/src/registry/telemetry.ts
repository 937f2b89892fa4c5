import type { MetricDefinition } from './definition.ts';

// What the telemetry reports about itself.
const none = [] as const;
const metric = ['benchlab.metric'] as const;
const record = ['benchlab.record.fault'] as const;
const enricher = ['benchlab.enricher.name'] as const;
const enricherCall = ['benchlab.enricher.name', 'benchlab.enricher.outcome'] as const;
const redaction = ['benchlab.redaction.action'] as const;
const component = ['otel.component.type', 'otel.component.name'] as const;
const outcome = ['otel.component.type', 'otel.component.name', 'error.type'] as const;
const semconv = { stability: 'development', origin: 'semconv' } as const;
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

export const benchlabPageDroppedPoints: MetricDefinition<typeof none> = {
  name: 'benchlab.page.dropped_points',
  unit: '{point}',
  instrument: 'gauge',
  attributes: none,
  description:
    'Points left out of the latest scrape: histograms of one name without a common bound, counters below 0 or not a number.',
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

export const benchlabCallbacksUnanswered: MetricDefinition<typeof metric> = {
  name: 'benchlab.callbacks.unanswered',
  unit: '{scrape}',
  instrument: 'counter',
  attributes: metric,
  description: 'Scrapes that left a metric out, because its observable callback had not answered in time.',
  ...own,
};

export const benchlabClusterUnanswered: MetricDefinition<typeof none> = {
  name: 'benchlab.cluster.unanswered',
  unit: '{answer}',
  instrument: 'counter',
  attributes: none,
  description: 'Answers of workers of a cluster that did not come in time: the scrape left the worker out.',
  ...own,
};

export const benchlabClusterSeriesDropped: MetricDefinition<typeof none> = {
  name: 'benchlab.cluster.series.dropped',
  unit: '{series}',
  instrument: 'counter',
  attributes: none,
  description: 'Series of ended workers of a cluster that were not kept, because their number is limited.',
  ...own,
};

export const benchlabClusterHistogramsCoarser: MetricDefinition<typeof none> = {
  name: 'benchlab.cluster.histograms.coarser',
  unit: '{sum}',
  instrument: 'counter',
  attributes: none,
  description:
    'Sums of histograms of workers of a cluster that have fewer bounds than one of them, because the bounds differ.',
  ...own,
};

export const benchlabRecordFaults: MetricDefinition<typeof record> = {
  name: 'benchlab.record.faults',
  unit: '{fault}',
  instrument: 'counter',
  attributes: record,
  description:
    'Faults of records: points and attributes that were dropped or corrected, spans without a required attribute.',
  ...own,
};

export const benchlabEnricherCalls: MetricDefinition<typeof enricherCall> = {
  name: 'benchlab.enricher.calls',
  unit: '{call}',
  instrument: 'counter',
  attributes: enricherCall,
  description: 'Calls of the hooks of an enricher. What a call that failed would have added is missing.',
  ...own,
};

export const benchlabEnricherTime: MetricDefinition<typeof enricher> = {
  name: 'benchlab.enricher.time',
  unit: 's',
  instrument: 'counter',
  attributes: enricher,
  description: 'Time that the application spent in the hooks of an enricher; what a hook awaits is not in it.',
  ...own,
};

export const benchlabEnricherSlowCalls: MetricDefinition<typeof enricher> = {
  name: 'benchlab.enricher.slow_calls',
  unit: '{call}',
  instrument: 'counter',
  attributes: enricher,
  description: 'Calls of the hooks of an enricher that took more than 5 ms of the application.',
  ...own,
};

export const benchlabEnricherValuesCut: MetricDefinition<typeof enricher> = {
  name: 'benchlab.enricher.values_cut',
  unit: '{value}',
  instrument: 'counter',
  attributes: enricher,
  description: 'Values of an enricher that were cut or left out, because they were too long or too many.',
  ...own,
};

export const benchlabEnricherEnabled: MetricDefinition<typeof enricher> = {
  name: 'benchlab.enricher.enabled',
  unit: '{enricher}',
  instrument: 'gauge',
  attributes: enricher,
  description: '1 while an enricher is called, 0 once it was switched off, because it failed or was slow each time.',
  ...own,
};

export const benchlabRedactionValues: MetricDefinition<typeof redaction> = {
  name: 'benchlab.redaction.values',
  unit: '{value}',
  instrument: 'counter',
  attributes: redaction,
  description: 'Values that left the process otherwise than they were recorded, or not at all, by the rules of redact.',
  ...own,
};

export const benchlabRedactionMergedSeries: MetricDefinition<typeof none> = {
  name: 'benchlab.redaction.merged_series',
  unit: '{series}',
  instrument: 'gauge',
  attributes: none,
  description:
    'Series of the latest collection that were merged into another, because redaction had made their labels equal.',
  ...own,
};

// Of the export of spans: semantic conventions 1.45, "Semantic conventions for OpenTelemetry SDK metrics".
export const otelSdkProcessorSpanProcessed: MetricDefinition<typeof outcome> = {
  name: 'otel.sdk.processor.span.processed',
  unit: '{span}',
  instrument: 'counter',
  attributes: outcome,
  description:
    'Ended spans that were handed to the exporter, or dropped before: error.type queue_full or already_shutdown.',
  ...semconv,
};

export const otelSdkProcessorSpanQueueSize: MetricDefinition<typeof component> = {
  name: 'otel.sdk.processor.span.queue.size',
  unit: '{span}',
  instrument: 'updowncounter',
  attributes: component,
  description: 'Ended spans that wait to be handed to the exporter.',
  ...semconv,
};

export const otelSdkProcessorSpanQueueCapacity: MetricDefinition<typeof component> = {
  name: 'otel.sdk.processor.span.queue.capacity',
  unit: '{span}',
  instrument: 'updowncounter',
  attributes: component,
  description: 'Ended spans that can wait; one more is dropped.',
  ...semconv,
};

export const otelSdkExporterSpanExported: MetricDefinition<typeof outcome> = {
  name: 'otel.sdk.exporter.span.exported',
  unit: '{span}',
  instrument: 'counter',
  attributes: outcome,
  description:
    'Spans whose export has ended: acknowledged, or given up after the last attempt; then error.type is the status.',
  ...semconv,
};

export const otelSdkExporterSpanInflight: MetricDefinition<typeof component> = {
  name: 'otel.sdk.exporter.span.inflight',
  unit: '{span}',
  instrument: 'updowncounter',
  attributes: component,
  description: 'Spans that were handed to the exporter and are neither acknowledged nor given up, pauses included.',
  ...semconv,
};

export const otelSdkExporterOperationDuration: MetricDefinition<typeof outcome> = {
  name: 'otel.sdk.exporter.operation.duration',
  unit: 's',
  instrument: 'histogram',
  attributes: outcome,
  description: 'Time from the first attempt of a batch to the end of its last.',
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  ...semconv,
};

export const otelSdkProcessorLogProcessed: MetricDefinition<typeof outcome> = {
  name: 'otel.sdk.processor.log.processed',
  unit: '{log_record}',
  instrument: 'counter',
  attributes: outcome,
  description:
    'Log records that were handed to the exporter, or dropped before: error.type queue_full or already_shutdown.',
  ...semconv,
};

export const otelSdkProcessorLogQueueSize: MetricDefinition<typeof component> = {
  name: 'otel.sdk.processor.log.queue.size',
  unit: '{log_record}',
  instrument: 'updowncounter',
  attributes: component,
  description: 'Log records that wait to be handed to the exporter.',
  ...semconv,
};

export const otelSdkProcessorLogQueueCapacity: MetricDefinition<typeof component> = {
  name: 'otel.sdk.processor.log.queue.capacity',
  unit: '{log_record}',
  instrument: 'updowncounter',
  attributes: component,
  description: 'Log records that can wait; one more is dropped.',
  ...semconv,
};

export const otelSdkExporterLogExported: MetricDefinition<typeof outcome> = {
  name: 'otel.sdk.exporter.log.exported',
  unit: '{log_record}',
  instrument: 'counter',
  attributes: outcome,
  description: 'Log records whose export has ended: acknowledged, or given up; then error.type is the status.',
  ...semconv,
};

export const otelSdkExporterLogInflight: MetricDefinition<typeof component> = {
  name: 'otel.sdk.exporter.log.inflight',
  unit: '{log_record}',
  instrument: 'updowncounter',
  attributes: component,
  description: 'Log records that were handed to the exporter and are neither acknowledged nor given up.',
  ...semconv,
};

export const benchlabEventsDropped: MetricDefinition<typeof none> = {
  name: 'benchlab.events.dropped',
  unit: '{event}',
  instrument: 'counter',
  attributes: none,
  description: 'Events that the stream of runtime events lost: its reader was slow or absent, or they were not valid.',
  ...own,
};

export const benchlabSpansUnfinished: MetricDefinition<typeof none> = {
  name: 'benchlab.spans.unfinished',
  unit: '{span}',
  instrument: 'counter',
  attributes: none,
  description: 'Ended spans that were exported before their enrichers were ready, for example without their joules.',
  ...own,
};

export const benchlabSpansForgotten: MetricDefinition<typeof none> = {
  name: 'benchlab.spans.forgotten',
  unit: '{span}',
  instrument: 'counter',
  attributes: none,
  description:
    'Running spans that were no longer tracked as sharing the bench, because too many ran: others got their share.',
  ...own,
};

export const benchlabCpuSpansDropped: MetricDefinition<typeof none> = {
  name: 'benchlab.cpu.spans.dropped',
  unit: '{span}',
  instrument: 'counter',
  attributes: none,
  description:
    'Spans whose CPU time is missing, on themselves or in the spans above: too many were open, or nested too deep.',
  ...own,
};

export const benchlabHistoryDropped: MetricDefinition<typeof none> = {
  name: 'benchlab.history.dropped',
  unit: '{sample}',
  instrument: 'counter',
  attributes: none,
  description:
    'Samples that the history of power dropped: of too many sources, older than the samples that it has, or with more power than a host can have.',
  ...own,
};
