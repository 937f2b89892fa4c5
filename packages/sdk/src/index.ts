export type { BindableInstrument, RecordValue } from './bindable.ts';
export type { Captured, CapturedAttributes } from './call/capture.ts';
export type { ExpectedError } from './call/expected.ts';
export type { LabelSource, MetricAttributes } from './call/labels.ts';
export type {
  AccessorContext,
  AccessorHalves,
  AnyFunction,
  Fits,
  MethodContext,
  MethodMark,
} from './call/methodMark.ts';
export type { MetricConfig } from './call/metricMark.ts';
export type { SpanConfig } from './call/spanMark.ts';
export { type Clock, type ClockAnchor, systemClock, toEpochNs, toTimeNs } from './clock.ts';
export { Counted, type CountedConfig, type CountedMark, counted } from './counted.ts';
export type { EndedSpan, EnrichedSignal, Enricher, StartedSpan } from './enricher.ts';
export { type AppendFields, EnricherRegistry } from './enricherRegistry.ts';
export { BenchlabError, type BenchlabErrorCode } from './error.ts';
export { Gauged, type GaugedConfig, type GaugedMark, gauged } from './gauged.ts';
export { SampleHistory, type SampleHistoryOptions } from './history.ts';
export { InFlight, type InFlightMark, inFlight } from './inFlight.ts';
export { currentLogger, type Logger, type LogRecord } from './logger.ts';
export type { MetricFamily, MetricPoint } from './metricFamily.ts';
export { Observed, type ObservedConfig, type ObservedMark, observed } from './observed.ts';
export { type EnergyRole, energyRoles, type PowerWindow } from './powerRing.ts';
export { prometheusLabel, prometheusName } from './prometheusName.ts';
export type { DeviceEvent, PollReport, Receiver, SampleConsumer, SourceLoss } from './receiver.ts';
export { clauseId } from './record/clauseId.ts';
export { eventFields } from './record/eventFields.ts';
export { provenanceId } from './record/provenance.ts';
export { Readiness, type ReadinessState } from './record/readiness.ts';
export { type HealthStatus, recordHealth } from './record/recordHealth.ts';
export { boundMetric, recordMetric } from './record/recordMetric.ts';
export type { RequiredAndOptional } from './record/signalCheck.ts';
export { withSpanOf } from './record/withSpanOf.ts';
export { type ExceptionSignal, recordExceptions } from './recordExceptions.ts';
export {
  type AttributeName,
  type AttributesOf,
  type AttributeValue,
  attribute,
  attributes,
} from './registry/attributes.ts';
export type {
  AttributeDefinition,
  Instrument,
  LogEventDefinition,
  MetricDefinition,
  SpanDefinition,
} from './registry/definition.ts';
export * as logEvents from './registry/logEvents.ts';
export * as metric from './registry/metrics.ts';
export * as spans from './registry/spans.ts';
export type { PowerBoundary, PowerRole, Reading, Sample, Sensor, Source } from './sample.ts';
export { SampleMetrics, type SampleMetricsOptions } from './sampleMetrics.ts';
export { seesSdk } from './scope.ts';
export type { SelfCount } from './selfCount.ts';
export { Span, type SpanMark, spanned } from './span.ts';
export type { StageConsumer, StageEvent, StageRejection, StageSource } from './stageEvent.ts';
export { Timed, type TimedConfig, type TimedMark, timed } from './timed.ts';
export { type AnyClass, type ClassMark, Traced, type TracedConfig, type TracedMark, Untraced } from './traced.ts';
export { type TranslationStrategy, translatedName, translationStrategies } from './translatedName.ts';
export { withSpan } from './withSpan.ts';
