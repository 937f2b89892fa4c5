export { type ModelInUse, modelInUse, withModel } from './models/withModel.ts';
export { clauseId } from './pipeline/clauseId.ts';
export { Readiness, type ReadinessState } from './pipeline/readiness.ts';
/** The log events of the registry by their names in code. */
export * as logEvents from './registry/logEvents.ts';
/** The metrics of the registry by their names in code. */
export * as metric from './registry/metrics.ts';
export { presetFamilies } from './registry/presetFamilies.ts';
/** The spans of the vocabularies by their names in code. */
export * as spans from './registry/spans.ts';
export { TokenRate } from './runtime/tokenRate.ts';
export { type HealthStatus, recordHealth } from './service/recordHealth.ts';
export { ServiceMetrics, type ServiceMetricsOptions, type ServiceSnapshot } from './service/serviceMetrics.ts';
export type { SessionMetrics } from './service/sessionMetrics.ts';
export type { SystemMetrics } from './service/systemMetrics.ts';
export type { VeniceMetrics } from './service/veniceMetrics.ts';
export { type RunToolOptions, runTool, type ToolArtifacts, type ToolRun } from './toolchain/runTool.ts';
export type { ToolOutput } from './toolchain/toolOutput.ts';
export type { ToolEnd } from './toolchain/toolProcess.ts';
