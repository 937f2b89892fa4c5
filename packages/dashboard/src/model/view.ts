import type { Delta } from './delta.ts';
import type { Finding } from './findings.ts';
import type { FlowView } from './flowView.ts';
import type { InputView } from './inputStates.ts';
import type { LatencySummary } from './summary.ts';

/** The windows that a user chooses from, ms, and the whole range of what was read. */
export type ViewWindow = 30_000 | 60_000 | 300_000 | 900_000 | 'all';

/** The windows in the order in which faces offer them. */
export const viewWindows: readonly ViewWindow[] = [30_000, 60_000, 300_000, 900_000, 'all'];

/** The range of time that is shown. */
export interface ViewRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly window: ViewWindow;
  /** `waiting`: nothing came yet. `live`: the range ends now. `recording`: it ends with the newest fact, however old. */
  readonly mode: 'waiting' | 'live' | 'recording';
  /** From the newest fact to now, ms. Absent while waiting. */
  readonly ageMs?: number;
}

/** A gauge in the range, in figures. What was not measured is absent. */
export interface GaugeView {
  readonly node: string;
  readonly source: string;
  readonly n: number;
  /** The newest value, also where it is before the range, and its age at the end of the range, ms. */
  readonly current?: number;
  readonly ageMs?: number;
  readonly min?: number;
  readonly mean?: number;
  readonly p95?: number;
  readonly p99?: number;
  readonly max?: number;
  readonly isSimulated: boolean;
}

/** A series with its change against the baseline. */
export interface SeriesView extends LatencySummary {
  /** Absent without a baseline, and where the baseline has no such series. */
  readonly delta?: Delta;
  /** For frames alone: green, yellow and red of the thresholds, as words. Absent without a p95. */
  readonly level?: Level;
}

/** How a latency stands to the thresholds. */
export type Level = 'good' | 'slow' | 'bad';

/** How the runs with one correlation id are. */
export interface RunView {
  readonly id: string;
  readonly node: string;
  readonly component: string;
  readonly state: 'running' | 'ok' | 'failed';
  readonly firstMs: number;
  readonly lastMs: number;
  readonly launches: number;
  readonly completions: number;
  readonly failures: number;
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  readonly p99Ms?: number;
  readonly successShare?: number;
  readonly kernelVariant?: string;
  readonly tokensPerSecond?: number;
  readonly errorType?: string;
  readonly isSimulated: boolean;
}

/** A bench or host. */
export interface NodeView {
  readonly node: string;
  /** From its newest fact to the end of the range, ms. */
  readonly ageMs: number;
  readonly facts: number;
  readonly powerWatts?: number;
  /** Of `powerWatts`, ms. */
  readonly powerAgeMs?: number;
  /** Of its series with the most rows in the range. */
  readonly p95Ms?: number;
  readonly p95Series?: string;
  /** Mean energy of one of that series, J. */
  readonly joules?: number;
  readonly findings: number;
  readonly isSimulated: boolean;
}

/** Everything that a face shows in words and figures. Curves come from `chart()`. */
export interface DashboardView {
  readonly range: ViewRange;
  /** Present while paused: when, and how many facts came since. */
  readonly paused?: { readonly atMs: number; readonly waiting: number };
  /** Something in it was made up, or measured on emulated hardware. */
  readonly isSimulated: boolean;
  /** The series with the most rows first. */
  readonly series: readonly SeriesView[];
  /** The one that headlines and curves are of: the chosen one, or the first. */
  readonly headline?: SeriesView;
  readonly power?: GaugeView;
  readonly tokens?: GaugeView;
  /** Where a flow runs or ran. */
  readonly flow?: FlowView;
  /** The latest event first. */
  readonly runs: readonly RunView[];
  readonly nodes: readonly NodeView[];
  /** The worst first. */
  readonly findings: readonly Finding[];
  readonly inputs: readonly InputView[];
  readonly baseline?: string;
  /** Lines that no input could take. */
  readonly refusedLines: number;
  /** What the bounds of the model cost: rows, runs, findings and facts that went or were not kept. */
  readonly forgotten: number;
  readonly facts: number;
}
