export type {
  RuntimeContext,
  RuntimeDiagnostics,
  RuntimeEvent,
  RuntimeEventName,
  RuntimeMetrics,
} from '@benchlab-otel/wire';
export type { AlertsOptions, WebhookForm } from './alerts/alertOptions.ts';
export { type AlertRule, type AlertSeverity, conditionForm as alertConditionForm } from './alerts/alertRule.ts';
export { type ClusterMetrics, type ClusterMetricsOptions, clusterMetrics } from './cluster/clusterMetrics.ts';
export { type Collected, collectedProducer as sampleProducer } from './collect/collectedProducer.ts';
export type {
  MetricsPageAddress,
  OtlpOptions,
  ShutdownReport,
  Telemetry,
  TelemetryOptions,
} from './config/telemetryOptions.ts';
export { withCorrelation } from './enrich/correlation.ts';
export { type AppendFields, EnricherRegistry } from './enrich/enricherRegistry.ts';
export { type OpenEventStream, openEventStream, type TelemetryOut } from './events/eventOutput.ts';
export type { EventRun, EventRunOptions } from './events/eventStream.ts';
export { correlatedLines } from './logs/correlatedLines.ts';
export type { LogOptions } from './logs/logOptions.ts';
export { type MetricsPage, metricsPage } from './page/metricsPage.ts';
export type { MetricsPageOptions } from './page/pageOptions.ts';
export { type ArtefactStamp, checkArtefact, stampArtefact } from './provenance/artefact.ts';
export type { RedactNames, RedactRule, RedactValue } from './redact/redactRule.ts';
export { startTelemetry } from './startTelemetry.ts';
export type { Instrumentation, Instrumentations } from './trace/instrumentation.ts';
export { SlicedIds } from './trace/slicedIds.ts';
export { type SpanProcessorOptions, spanProcessor } from './trace/spanProcessor.ts';
