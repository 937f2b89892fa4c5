import type { SignalRegistry } from '@benchlab-otel/core';
import type { LintFile } from '../files/lintFile.ts';
import type { Finding } from '../findings/finding.ts';
import type { LintKind } from '../findings/lintKind.ts';
import { labelsOf } from '../promql/labelsOf.ts';
import { queryProblems, queryRules } from '../promql/queryProblems.ts';
import { SeriesCatalogue } from '../promql/seriesCatalogue.ts';
import { textAt } from '../yaml/node.ts';
import { parseYaml, yamlRules } from '../yaml/parseYaml.ts';
import { alertProblems, alertRules } from './alertProblems.ts';
import { listRules, readLists } from './lists.ts';
import { addRecordings } from './recordings.ts';
import { type Rule, readRules, ruleFileRules } from './ruleFile.ts';
import { thresholdProblems, thresholdRules } from './thresholds.ts';

const runbookRules = [
  { id: 'runbook-missing', reason: 'The link of the alert leads nowhere.' },
  { id: 'runbook-unused', reason: 'A runbook that no alert links to is not found when it is needed, and grows old.' },
] as const;

/**
 * Recording and alert rules of Prometheus. The same run takes `thresholds.json`, `foreign-series.json` and a folder
 * `runbooks`; what of them is not given is not compared.
 *
 * @example lint(rulesKind(joinFamilies(coreFamilies)), [{ path: 'rules.yml', text, isNamed: true }])
 */
export function rulesKind(registry: SignalRegistry): LintKind {
  return {
    name: 'rules',
    extensions: ['.yml', '.yaml', 'thresholds.json', 'foreign-series.json', '.md'],
    rules: [
      ...yamlRules,
      ...ruleFileRules,
      ...queryRules,
      ...alertRules,
      ...thresholdRules,
      ...runbookRules,
      ...listRules,
    ],
    find: (files) => findIn(files, registry),
  };
}

function findIn(files: readonly LintFile[], registry: SignalRegistry): readonly Finding[] {
  const lists = readLists(files);
  const catalogue = new SeriesCatalogue(registry, lists.foreign);
  const findings: Finding[] = [...lists.findings];
  const rules: Rule[] = [];
  for (const file of files.filter(({ path }) => /\.ya?ml$/.test(path))) {
    const { documents, findings: broken } = parseYaml(file);
    // A template of Helm or another kind of file: not ours, unless it was named.
    if (file.isNamed || /groups:/.test(file.text)) findings.push(...broken);
    for (const document of documents) {
      const read = readRules(document, file);
      findings.push(...read.findings);
      rules.push(...read.rules);
    }
  }
  addRecordings(rules, catalogue);
  catalogue.addAlerts(rules.flatMap(({ kind, name }) => (kind === 'alert' ? [name] : [])));
  for (const rule of rules) {
    for (const { rule: id, message, fix, from } of queryProblems(rule.expression, catalogue)) {
      findings.push({
        rule: id,
        severity: 'error',
        message: `${rule.name}: ${message}`,
        fix,
        file: rule.file,
        ...rule.place(from),
      });
    }
    if (rule.kind !== 'alert') continue;
    findings.push(...alertProblems(rule, labelsOf(rule.expression, catalogue)));
    if (lists.thresholds !== undefined) findings.push(...thresholdProblems(rule, lists.thresholds.alerts));
  }
  const alerts = rules.filter(({ kind }) => kind === 'alert');
  if (alerts.length > 0 && lists.thresholds !== undefined) {
    for (const name of Object.keys(lists.thresholds.alerts).filter(
      (each) => !alerts.some((alert) => alert.name === each),
    )) {
      const message = `There is no alert ${name}.`;
      findings.push({
        rule: 'threshold-unused',
        severity: 'error',
        message,
        fix: 'Remove its thresholds.',
        file: lists.thresholds.file,
        line: 1,
      });
    }
  }
  return [...findings, ...runbookProblems(alerts, files)];
}

function runbookProblems(alerts: readonly Rule[], files: readonly LintFile[]): readonly Finding[] {
  const runbooks = files.flatMap(({ path }) => {
    const name = /(?:^|\/)runbooks\/([^/]+\.md)$/.exec(path)?.[1];
    return name === undefined || name === 'README.md' ? [] : [{ path, name }];
  });
  if (runbooks.length === 0 || alerts.length === 0) return [];
  const linked = new Set<string>();
  const missing = alerts.flatMap((alert): Finding[] => {
    const link = alert.annotations.find(({ key }) => key === 'runbook_url');
    const name = textAt(link?.value)?.split('/').at(-1);
    if (link === undefined || name === undefined) return [];
    linked.add(name);
    if (runbooks.some((each) => each.name === name)) return [];
    const message = `There is no runbook ${name}.`;
    return [
      {
        rule: 'runbook-missing',
        severity: 'error',
        message,
        fix: 'Write it, or correct the link.',
        file: alert.file,
        ...link.keyAt,
      },
    ];
  });
  const unused = runbooks
    .filter(({ name }) => !linked.has(name))
    .map(({ path, name }): Finding => {
      return {
        rule: 'runbook-unused',
        severity: 'error',
        message: `No alert links to ${name}.`,
        fix: 'Remove it, or link to it.',
        file: path,
        line: 1,
      };
    });
  return [...missing, ...unused];
}
