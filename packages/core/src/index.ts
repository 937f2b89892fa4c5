export { isObject } from './checks/isObject.ts';
export { secretName, secretParts, secretText } from './checks/secrets.ts';
export { type Clock, type ClockAnchor, systemClock, toEpochNs, toTimeNs } from './contracts/clock.ts';
export type { EndedSpan, EnrichedSignal, Enricher, SpanAnswer, StartedSpan } from './contracts/enricher.ts';
export type { MetricFamily, MetricPoint } from './contracts/metricFamily.ts';
export type { DeviceEvent, PollReport, Receiver, SampleConsumer, SourceLoss } from './contracts/receiver.ts';
export type { Aperture, PowerBoundary, PowerRole, Reading, Sample, Sensor, Source } from './contracts/sample.ts';
export type { SelfCount } from './contracts/selfCount.ts';
export type { StageConsumer, StageEnd, StageEvent, StageRejection, StageSource } from './contracts/stageEvent.ts';
export { alreadyStarted } from './errors/alreadyStarted.ts';
export { BenchlabError, type BenchlabErrorCode } from './errors/benchlabError.ts';
export { messageOf } from './errors/messageOf.ts';
export { OptionError, shown, type WrongOption } from './errors/optionError.ts';
export { prometheusLabels } from './naming/prometheusLabels.ts';
export { prometheusLabel, prometheusName, prometheusUnit } from './naming/prometheusName.ts';
export { type TranslationStrategy, translatedName, translationStrategies } from './naming/translatedName.ts';
export { knownOptions, type OptionNames } from './options/knownOptions.ts';
export { type NumberRange, numberOption } from './options/numberOption.ts';
export { objectOption } from './options/objectOption.ts';
export { didYouMean, nearest } from './options/suggestion.ts';
export { textOption, wordOption } from './options/wordOption.ts';
export { consumerOption } from './receivers/consumerOption.ts';
export { createReceiver, type ReceiverRun } from './receivers/createReceiver.ts';
export type { GuardedConsumer } from './receivers/guardedConsumer.ts';
export { type Polling, type PollResult, startPolling } from './receivers/polling.ts';
export type { ReceiverKind, ReceiverRate } from './receivers/receiverKind.ts';
export { type AttributeName, attribute, attributes } from './registry/attributes.ts';
export type { AttributesOf, AttributeValue } from './registry/attributeValue.ts';
export { durationBuckets } from './registry/buckets.ts';
export { coreFamilies } from './registry/coreFamilies.ts';
export type {
  AttributeDefinition,
  AttributeDetail,
  Instrument,
  LogEventDefinition,
  MetricDefinition,
  SpanDefinition,
  Vocabulary,
} from './registry/definition.ts';
export { joinFamilies, type SignalFamily, type SignalRegistry } from './registry/family.ts';
export { judgingSpans } from './registry/judgingSpans.ts';
/** The log events of the registry by their names in code. */
export * as logEvents from './registry/logEvents.ts';
/** The metrics of the registry by their names in code. */
export * as metric from './registry/metrics.ts';
export { callGuarded, isThenable } from './reports/callGuarded.ts';
export { createReport, type Report } from './reports/report.ts';
export { createReportOnce, type ReportOnce } from './reports/reportOnce.ts';
export { attributesKey } from './samples/attributesKey.ts';
export { SampleHistory, type SampleHistoryOptions } from './samples/history.ts';
export { isImpossiblePower, mostWatts } from './samples/possiblePower.ts';
export { type EnergyRole, energyRoles, type PowerWindow } from './samples/powerRing.ts';
export { SampleMetrics, type SampleMetricsOptions } from './samples/sampleMetrics.ts';
export { gapLimitNs } from './samples/samplePeriod.ts';
