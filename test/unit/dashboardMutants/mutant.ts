import type { LintFile } from '@benchlab-otel/lint';

/** JSON that a mutant changes in place. */
// biome-ignore lint/suspicious/noExplicitAny: a mutant breaks any part of a dashboard, also its types
export type Json = any;

export interface Mutant {
  /** Continues the sentence "A dashboard …". */
  readonly name: string;
  readonly rule: string;
  /** Changes the dashboard, or gives the text of the file instead. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most mutants change in place and return nothing
  readonly change: (dashboard: Json) => string | void;
  /** Files beside it. */
  readonly other?: (dashboard: Json) => readonly LintFile[];
}

export const dashboardFile = 'monitoring/grafana/dashboards/bench/bench-host.json';

export const panel = (dashboard: Json, id: number): Json => dashboard.panels.find((each: Json) => each.id === id);
export const query = (dashboard: Json, id: number): Json => panel(dashboard, id).targets[0];
export const defaults = (dashboard: Json, id: number): Json => panel(dashboard, id).fieldConfig.defaults;
export const variable = (dashboard: Json, name: string): Json =>
  dashboard.templating.list.find((each: Json) => each.name === name);
export const annotation = (dashboard: Json, name: string): Json =>
  dashboard.annotations.list.find((each: Json) => each.name === name);
export const withoutVariable = (name: string) => (dashboard: Json) => {
  dashboard.templating.list = dashboard.templating.list.filter((each: Json) => each.name !== name);
};
/** Replaces a part of a query, which must be there. */
export const edited = (id: number, from: string | RegExp, to: string) => (dashboard: Json) => {
  const target = query(dashboard, id);
  const expr = target.expr.replace(from, to);
  if (expr === target.expr) throw new Error(`${from} is not in the query of panel ${id}`);
  target.expr = expr;
};
export const written = (id: number, expr: string) => (dashboard: Json) => {
  query(dashboard, id).expr = expr;
};
export const chosen = 'job=~"$job",instance=~"$instance"';
export const oneAlert: LintFile = {
  path: 'rules.yml',
  text: 'groups:\n  - name: a\n    rules:\n      - alert: HostDown\n        expr: up == 0\n        for: 1m\n',
  isNamed: true,
};
export const unitFor = (id: string, options: string, value: string): Json => {
  return { matcher: { id, options }, properties: [{ id: 'unit', value }] };
};
export const named = { type: 'prometheus', uid: 'P1' };
export const text = (dashboard: Json): string => JSON.stringify(dashboard, null, 2);
export const beside =
  (path: string, change: (dashboard: Json) => void) =>
  (dashboard: Json): readonly LintFile[] => {
    change(dashboard);
    return [{ path, text: text(dashboard), isNamed: true }];
  };
