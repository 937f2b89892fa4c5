import type { Position, Severity } from '../findings/finding.ts';
import type { RuleText } from '../findings/lintKind.ts';
import type { Dashboard, Panel } from './model/dashboard.ts';
import type { QueryPlace, ReadQuery } from './queries/readQueries.ts';
import type { Run } from './run.ts';

/** What a rule looks at: one dashboard, among all that is linted together. */
export interface View {
  readonly dashboard: Dashboard;
  readonly queries: readonly ReadQuery[];
  readonly run: Run;
}

/** One mistake. With a panel, query, variable or annotation, the finding names it. */
export interface Problem extends QueryPlace {
  readonly message: string;
  /** Instead of the fix of the rule. */
  readonly fix?: string;
  readonly at: Position;
  /** A character of the text at `at`. */
  readonly offset?: number;
}

export interface DashboardRule extends RuleText {
  readonly severity: Severity;
  /** What to write instead: one sentence in the imperative. */
  readonly fix: string;
  find(view: View): Iterable<Problem>;
}

/** Panels that hold text or lists, and ask no data source. */
const plainTypes = /^(text|row|news|dashlist|alertlist|annolist|welcome|gettingstarted|pluginlist|canvas|debug)$/;
/** Panels that show records: without a unit and without a number. */
const recordTypes = /^(logs|traces|nodeGraph|flamegraph|geomap|candlestick|trend|)$/;

/** Panels that should have a query. A library panel has it in the database. */
export function askingPanels({ panels }: Dashboard): readonly Panel[] {
  return panels.filter(({ type, library }) => !plainTypes.test(type) && library === undefined);
}

/** Panels that show numbers. */
export function numberPanels(dashboard: Dashboard): readonly Panel[] {
  return askingPanels(dashboard).filter(({ type }) => !recordTypes.test(type));
}
