export {
  CollectedSamples,
  ManualClock,
  type SimulatedSource,
  type SimulatedSourceOptions,
  type SimulatedWatts,
  simulatedSource,
} from '@benchlab-otel/core/testing';
export type { AsymmetricMatcher, Expected } from './expectedValue.ts';
export { type InMemoryTelemetry, type InMemoryTelemetryOptions, inMemoryTelemetry } from './inMemoryTelemetry.ts';
export type { Match } from './match.ts';
export { type ExpectedPoint, type MetricName, matchRecorded } from './matchRecorded.ts';
export { type ExpectedSpan, findSpans, matchSpan } from './matchSpan.ts';
export type { RecordedHistogram, RecordedMetric, RecordedPoint } from './recordedMetrics.ts';
export type { RecordedSpan } from './recordedSpan.ts';
export type { SdkSpanProcessor } from './sdkParts.ts';
export { type TelemetryMatchers, telemetryMatchers } from './telemetryMatchers.ts';
export { type TrialSpan, type TrialSpanOptions, trialSpan } from './trialSpan.ts';
