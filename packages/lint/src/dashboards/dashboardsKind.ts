import type { SignalRegistry } from '@benchlab-otel/core';
import type { LintFile } from '../files/lintFile.ts';
import type { Finding } from '../findings/finding.ts';
import type { LintKind, RuleText } from '../findings/lintKind.ts';
import { jsonRules } from '../json/parseJson.ts';
import { listRules } from '../rules/lists.ts';
import { yamlRules } from '../yaml/parseYaml.ts';
import { Exclusions, exclusionRules, exclusionsFile } from './exclusions.ts';
import { type Dashboard, quoted } from './model/dashboard.ts';
import { readQueries } from './queries/readQueries.ts';
import type { DashboardRule, Problem } from './rule.ts';
import { lostAlertLinks } from './rules/links.ts';
import { dashboardRules } from './rules.ts';
import { readRun } from './run.ts';

/** Rules that are not about one dashboard. */
export const otherRules: readonly RuleText[] = [
  { id: 'not-a-dashboard', reason: 'A file that was named and is not looked at would pass without a word.' },
  {
    id: 'alert-link-missing',
    reason: 'A broken link of an alert costs time during an incident.',
  },
  ...exclusionRules,
];

/**
 * Dashboards of Grafana: JSON of form v1 and v2, resources of Kubernetes, ConfigMaps. The same run takes rule files,
 * `thresholds.json`, `foreign-series.json`, a folder `runbooks`, provider files of Grafana and `dashboard-exclusions.yaml`; what of
 * them is not given is not compared.
 *
 * @example lint(dashboardsKind(joinFamilies(coreFamilies)), [{ path: 'bench.json', text, isNamed: true }])
 */
export function dashboardsKind(registry: SignalRegistry): LintKind {
  return kindOf(registry, dashboardRules);
}

/** The same with some of the rules. */
export function kindOf(registry: SignalRegistry, rules: readonly DashboardRule[]): LintKind {
  const texts: readonly RuleText[] = [...jsonRules, ...yamlRules, ...listRules, ...otherRules, ...rules];
  return {
    name: 'dashboards',
    extensions: ['.json', '.yaml', '.yml', '.md'],
    rules: texts,
    comments: false,
    find: (files) => findIn(files, registry, rules),
  };
}

function findIn(
  files: readonly LintFile[],
  registry: SignalRegistry,
  rules: readonly DashboardRule[],
): readonly Finding[] {
  const isList = ({ path }: LintFile) => path.split('/').at(-1) === exclusionsFile;
  const exclusions = new Exclusions(files.filter(isList), new Set(dashboardRules.map(({ id }) => id)));
  const { run, findings, read } = readRun(
    files.filter((file) => !isList(file)),
    registry,
  );
  const ofDashboards = run.dashboards.flatMap((dashboard) => {
    const view = { dashboard, run, queries: readQueries(dashboard, run) };
    return rules.flatMap((rule) =>
      bounded(rule.find(view), dashboard)
        .filter((problem) => !exclusions.excludes(rule.id, dashboard, problem))
        .map((problem) => findingOf(rule, problem, dashboard)),
    );
  });
  const fix = 'Correct the address, or the uid of the dashboard.';
  const ofAlerts = lostAlertLinks({ run }).map(({ file, at, message }): Finding => {
    return { rule: 'alert-link-missing', severity: 'error', message, fix, file, ...at };
  });
  const unread = unreadFiles(files, read, run.dashboards.length + findings.length);
  return [...findings, ...ofDashboards, ...ofAlerts, ...unread, ...exclusions.problems()];
}

/** Findings of one rule in one dashboard. More of them are one mistake of the program that wrote it. */
const maxProblems = 1000;

function bounded(problems: Iterable<Problem>, { spec }: Dashboard): readonly Problem[] {
  const taken: Problem[] = [];
  for (const problem of problems) {
    if (taken.length === maxProblems) {
      const message = `The dashboard has more than ${maxProblems} of these; no more are listed.`;
      return [...taken, { at: spec.at, message }];
    }
    taken.push(problem);
  }
  return taken;
}

function findingOf({ id, severity, fix }: DashboardRule, problem: Problem, { source, title }: Dashboard): Finding {
  const { message, fix: own, at, offset, panel, query, variable, annotation } = problem;
  const where = [
    ...(source.isEmbedded ? [`dashboard ${quoted(title)}`] : []),
    ...(panel === undefined ? [] : [`panel ${idText(panel.id?.value)}${quoted(panel.title)}`]),
    ...(query === undefined
      ? []
      : [`query ${query.refId === undefined ? `number ${query.number}` : quoted(query.refId).slice(1, -1)}`]),
    ...(variable === undefined ? [] : [`variable ${quoted(variable.name)}`]),
    ...(annotation === undefined ? [] : [`annotation ${quoted(annotation.name)}`]),
  ].join(', ');
  const text = where === '' ? message : `${where[0]?.toUpperCase()}${where.slice(1)}: ${message}`;
  const place = offset === undefined ? source.place(at) : source.within(at, offset);
  return { rule: id, severity, message: text, fix: own ?? fix, file: source.file, ...place };
}

function idText(id: unknown): string {
  return typeof id === 'number' ? `${id} ` : '';
}

/** Named files without a dashboard; and where there is none at all, the first file: the folder was the wrong one. */
function unreadFiles(files: readonly LintFile[], read: ReadonlySet<string>, found: number): readonly Finding[] {
  const isMeant = ({ path, isNamed }: LintFile) =>
    isNamed && !read.has(path) && path.split('/').at(-1) !== exclusionsFile;
  const [first] = files;
  const message = 'This is not a dashboard, so it was not looked at.';
  const fix = 'Name a dashboard of Grafana as JSON, a ConfigMap that holds one, or a folder of them.';
  const finding = (file: string, text: string): Finding => {
    return { rule: 'not-a-dashboard', severity: 'error', message: text, fix, file, line: 1 };
  };
  const meant = files.filter(isMeant).map(({ path }) => finding(path, message));
  if (meant.length > 0 || found > 0 || first === undefined) return meant;
  return [
    finding(first.path, `Neither this file nor another one of the ${files.length} that were read holds a dashboard.`),
  ];
}
