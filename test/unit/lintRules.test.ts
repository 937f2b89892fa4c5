import { readFileSync } from 'node:fs';
import { dashboardsKind, rulesKind, yamlRules } from '@benchlab-otel/lint';
import { expect, test } from 'vitest';
import { registry } from '../../monitoring/src/registry.ts';
import { collectorRules } from '../../packages/lint/src/collector/rules.ts';
import { dashboardRules } from '../../packages/lint/src/dashboards/rules.ts';
import { probeRules } from '../../packages/probe-cli/src/presence/probeKind.ts';

const page = readFileSync(new URL('../../docs/lint.md', import.meta.url), 'utf8');

/** The part of the page below the heading of a kind. */
function section(kind: string): string {
  return page.split(`\n## ${kind}\n`)[1]?.split('\n## ')[0] ?? '';
}

/** The rows of a section that state a severity. */
function rowsOf(kind: string): readonly string[] {
  return [...section(kind).matchAll(/^\| `[a-z0-9-]+` \| (?:error|warning) \|.*$/gm)].map(([row]) => row);
}

test.each([
  ['collector', collectorRules],
  ['dashboards', dashboardRules],
])('docs/lint.md has a row for every rule of the kind %s, with its reason and its fix', (kind, rules) => {
  expect(rowsOf(kind)).toEqual(
    rules.map(({ id, severity, reason, fix }) => `| \`${id}\` | ${severity} | ${reason} | ${fix} |`),
  );
});

test('docs/lint.md has a row for every rule of rules, with its reason', () => {
  const own = rulesKind(registry).rules.filter(({ id }) => !yamlRules.some((rule) => rule.id === id));

  for (const { id, reason } of own) expect(section('rules')).toContain(`| \`${id}\` | ${reason} |`);
});

test('docs/lint.md has a row for every rule of files of dashboards, with its reason', () => {
  const shared = [...yamlRules, ...rulesKind(registry).rules, ...dashboardRules].map(({ id }) => id);
  const own = dashboardsKind(registry).rules.filter(({ id }) => !shared.includes(id));

  expect(own.length).toBeGreaterThan(5);
  for (const { id, reason } of own) expect(section('dashboards')).toContain(`| \`${id}\` | ${reason} |`);
});

test('docs/lint.md has a row for every rule of probe, with its reason', () => {
  for (const { id, reason } of probeRules) expect(section('probe')).toContain(`| \`${id}\` | ${reason} |`);
});
