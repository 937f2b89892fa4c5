// The view model alone: no file below it needs Node, so that a page can run it too.

export { type Colour, contrast, rgb } from '../themes/contrast.ts';
export { contrastFaults, markRoles, type ParsedTheme, parseTheme, type Theme, textRoles } from '../themes/theme.ts';
export type { Band } from './bands.ts';
export type { Baseline } from './baseline.ts';
export type { Chart, Trends } from './charts.ts';
export { rowsCsv } from './csv.ts';
export { Dashboard, type DashboardOptions } from './dashboard.ts';
export type { Delta, DeltaWord } from './delta.ts';
export type { EventFact, Fact, LatencyFact, PowerFact, StageFact } from './fact.ts';
export type { FactStoreOptions } from './factStore.ts';
export type { Finding, Severity } from './findings.ts';
export type { FlowPlan, FlowView, StepView } from './flowView.ts';
export type { Histogram } from './histogram.ts';
export type { InputChange, InputClock, InputCondition, InputView } from './inputStates.ts';
export type { BuiltKernels } from './kernels.ts';
export type { Outcome } from './latencies.ts';
export type { VisibleRow } from './rows.ts';
export type { Scatter } from './scatter.ts';
export { type Series, seriesKey } from './series.ts';
export { levelOf, thresholdsMs } from './seriesView.ts';
export type { LatencySummary } from './summary.ts';
export type { Trend } from './trend.ts';
export {
  type DashboardView,
  type GaugeView,
  type Level,
  type NodeView,
  type RunView,
  type SeriesView,
  type ViewRange,
  type ViewWindow,
  viewWindows,
} from './view.ts';
export type { ViewOptions } from './viewOptions.ts';
