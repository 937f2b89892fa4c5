export { type MetricsPage, type MetricsPageOptions, metricsPage } from './page/metricsPage.ts';
export { SlicedIds } from './slicedIds.ts';
export { startTelemetry } from './startTelemetry.ts';
export type {
  LogOptions,
  MetricsPageAddress,
  OtlpOptions,
  ShutdownReport,
  Telemetry,
  TelemetryOptions,
} from './telemetryOptions.ts';
