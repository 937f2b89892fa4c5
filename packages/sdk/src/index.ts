export { type Clock, type ClockAnchor, systemClock, toEpochNs, toTimeNs } from './clock.ts';
export type { EndedSpan, Enricher, StartedSpan } from './enricher.ts';
export { BenchlabError, type BenchlabErrorCode } from './error.ts';
export type { PollReport, Receiver, SampleConsumer, SourceLoss } from './receiver.ts';
export { type AttributeName, attribute, attributes } from './registry/attributes.ts';
export type { AttributeDefinition, Instrument, MetricDefinition } from './registry/definition.ts';
export * as metric from './registry/metrics.ts';
export type { PowerBoundary, PowerRole, Reading, Sample, Sensor, Source } from './sample.ts';
