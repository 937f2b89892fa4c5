export type {
  AttributeDefinition,
  AttributeDetail,
  DeviceEvent,
  EndedSpan,
  EnrichedSignal,
  Enricher,
  Instrument,
  LogEventDefinition,
  MetricDefinition,
  MetricFamily,
  MetricPoint,
  PollReport,
  PowerBoundary,
  PowerRole,
  Reading,
  Receiver,
  Sample,
  SampleConsumer,
  SelfCount,
  Sensor,
  Source,
  SourceLoss,
  SpanDefinition,
  StageConsumer,
  StageEvent,
  StageRejection,
  StageSource,
  StartedSpan,
  Vocabulary,
} from '@benchlab-otel/core';
export {
  type AttributeName,
  type AttributesOf,
  type AttributeValue,
  attribute,
  attributes,
  BenchlabError,
  type BenchlabErrorCode,
  type Clock,
  type ClockAnchor,
  type EnergyRole,
  energyRoles,
  logEvents,
  metric,
  OptionError,
  type PowerWindow,
  prometheusLabel,
  prometheusName,
  SampleHistory,
  type SampleHistoryOptions,
  SampleMetrics,
  type SampleMetricsOptions,
  systemClock,
  toEpochNs,
  toTimeNs,
} from '@benchlab-otel/core';
export { currentLogger, type Logger, type LogRecord } from './api/logger.ts';
export { type ExceptionSignal, recordExceptions } from './api/recordExceptions.ts';
export { scope, seesSdk } from './api/scope.ts';
export { withSpan } from './api/withSpan.ts';
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
export { closeOpenCalls } from './call/openCalls.ts';
export { type RunEnd, runToEnd } from './call/runToEnd.ts';
export type { SpanConfig } from './call/spanMark.ts';
export { Counted, type CountedConfig, type CountedMark, counted } from './marks/counted.ts';
export { Gauged, type GaugedConfig, type GaugedMark, gauged } from './marks/gauged.ts';
export { InFlight, type InFlightMark, inFlight } from './marks/inFlight.ts';
export { Observed, type ObservedConfig, type ObservedMark, observed } from './marks/observed.ts';
export { Span, type SpanMark, spanned } from './marks/span.ts';
export { Timed, type TimedConfig, type TimedMark, timed } from './marks/timed.ts';
export { type AnyClass, type ClassMark, Traced, type TracedConfig, type TracedMark, Untraced } from './marks/traced.ts';
export { type BindableInstrument, isBindable, type RecordValue } from './record/bindable.ts';
export { eventFields } from './record/eventFields.ts';
export { type ForgetfulGauge, forgetOf } from './record/forgetful.ts';
export { type JudgeSpan, judgeSpans } from './record/judgedSpan.ts';
export { isProvenanceId, provenanceId } from './record/provenance.ts';
export { boundMetric, recordMetric } from './record/recordMetric.ts';
export type { RequiredAndOptional } from './record/signalCheck.ts';
export { withSpanOf } from './record/withSpanOf.ts';
