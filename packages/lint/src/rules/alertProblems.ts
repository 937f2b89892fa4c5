import type { Finding } from '../findings/finding.ts';
import { walk } from '../promql/expression.ts';
import type { LabelSet } from '../promql/labelsOf.ts';
import { textAt, type YamlEntry } from '../yaml/node.ts';
import type { Rule } from './ruleFile.ts';

export const alertRules = [
  { id: 'alert-for', reason: 'Without for, one bad scrape is an alert.' },
  {
    id: 'absent-without-for',
    reason: 'The function absent() is true at every restart of Prometheus, until the first scrape.',
  },
  { id: 'alert-severity', reason: 'Routes and inhibition go by severity.' },
  { id: 'alert-summary', reason: 'The summary is the subject of the message that wakes a person.' },
  { id: 'alert-description', reason: 'A description without the value does not show how bad it is.' },
  { id: 'alert-dashboard', reason: 'A person who is woken should not have to search for the panel.' },
  { id: 'alert-runbook', reason: 'An alert without a runbook is a riddle at night.' },
  {
    id: 'value-in-label',
    reason: 'A label with the value makes a new alert at each evaluation, and none of them is old enough to fire.',
  },
  { id: 'template-label', reason: 'A template of a label that the query does not keep is empty in every message.' },
] as const;

type AlertRule = (typeof alertRules)[number]['id'];

const severities = ['critical', 'warning', 'info'];

/** At least two scrapes at our slowest common interval, in seconds. */
const shortestFor = 20;
const shortestForAbsent = 60;

/** What is wrong with an alert apart from its query. `labels` are those of its query. */
export function alertProblems(rule: Rule, labels: LabelSet): readonly Finding[] {
  const { name, file, at, forSeconds = 0, annotations } = rule;
  const found = (
    id: AlertRule,
    message: string,
    fix: string,
    place: { line: number; column?: number } = at,
  ): Finding => {
    return { rule: id, severity: 'error', message, fix, file, ...place };
  };
  const hasAbsent = walk(rule.expression).some(
    ({ expression }) => expression.kind === 'call' && /^absent/.test(expression.name),
  );
  const findings: Finding[] = [];
  if (hasAbsent && forSeconds < shortestForAbsent) {
    findings.push(
      found('absent-without-for', `${name} uses absent() and waits ${forSeconds} s.`, 'Add for: 1m or more.'),
    );
  } else if (forSeconds < shortestFor) {
    findings.push(
      found(
        'alert-for',
        `${name} waits ${forSeconds} s before it fires.`,
        'Add for: 20s or more, two scrapes at least.',
      ),
    );
  }
  const severity = rule.labels.find(({ key }) => key === 'severity');
  if (!severities.includes(textAt(severity?.value) ?? '')) {
    findings.push(
      found(
        'alert-severity',
        `${name} has no severity of ours.`,
        `Add the label severity: ${severities.join(', ')}.`,
        severity?.value.at,
      ),
    );
  }
  const annotation = (key: string) => textAt(annotations.find((each) => each.key === key)?.value) ?? '';
  if (annotation('summary') === '')
    findings.push(found('alert-summary', `${name} has no summary.`, 'Add the annotation summary.'));
  if (!/\$value\b/.test(annotation('description'))) {
    findings.push(
      found(
        'alert-description',
        `${name} has no description with {{ $value }}.`,
        'Add the annotation description, with the value and the labels that tell where.',
      ),
    );
  }
  if (!/^d\/[\w-]+/.test(annotation('dashboard_url'))) {
    findings.push(
      found(
        'alert-dashboard',
        `${name} has no link to a dashboard.`,
        'Add the annotation dashboard_url: d/UID?from=now-1h&to=now.',
      ),
    );
  }
  if (!/(^|\/)runbooks\/[\w.-]+\.md$/.test(annotation('runbook_url'))) {
    findings.push(
      found('alert-runbook', `${name} has no runbook.`, `Add the annotation runbook_url: runbooks/${name}.md.`),
    );
  }
  for (const label of rule.labels) {
    if (!/\$value\b|\.Value\b/.test(textAt(label.value) ?? '')) continue;
    findings.push(
      found(
        'value-in-label',
        `The label ${label.key} of ${name} holds the value.`,
        'Move the value into an annotation.',
        label.keyAt,
      ),
    );
  }
  for (const entry of [...rule.labels, ...annotations]) {
    for (const missing of labelsIn(entry).filter((label) => !labels.isOpen && !labels.names.has(label))) {
      const message = `${entry.key} of ${name} shows the label ${missing}, which the query does not keep.`;
      findings.push(
        found(
          'template-label',
          message,
          `Keep ${missing} in the grouping, or show one of ${[...labels.names].sort().join(', ') || 'no label'}.`,
          entry.keyAt,
        ),
      );
    }
  }
  return findings;
}

/** Labels that a template shows: `{{ $labels.instance }}`. */
function labelsIn({ value }: YamlEntry): readonly string[] {
  return [
    ...new Set([...(textAt(value) ?? '').matchAll(/(?:\$labels|\.Labels)\.(\w+)/g)].map(([, label]) => label ?? '')),
  ];
}
