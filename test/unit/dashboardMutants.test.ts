// Real dashboards with one mistake each: what a slip of the hand, a merge or a rename makes of them. Every one must be found.
import { readdirSync, readFileSync } from 'node:fs';
import { dashboardsKind, type LintFile, lint } from '@benchlab-otel/lint';
import { expect, test } from 'vitest';
import { registry } from '../../monitoring/src/registry.ts';
import { dashboardFile, type Json } from './dashboardMutants/mutant.ts';
import { mutants } from './dashboardMutants/mutants.ts';
import { sweeps } from './dashboardMutants/sweeps.ts';

const read = (path: string): LintFile => {
  return { path, text: readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'), isNamed: true };
};
const lists = [read('monitoring/thresholds.json'), read('monitoring/foreign-series.json')];
const original = read(dashboardFile);
const kind = dashboardsKind(registry);

test('the dashboard as it is has no finding', () => {
  expect(lint(kind, [original, ...lists])).toEqual([]);
});

test('there are at least sixty mutants, each with a name of its own', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  expect(mutants.length).toBeGreaterThanOrEqual(60);
});

test.each(mutants)('a dashboard $name is found by $rule', ({ change, rule, other }) => {
  const dashboard = JSON.parse(original.text) as Json;

  const text = change(dashboard) ?? `${JSON.stringify(dashboard, null, 2)}\n`;

  const files = [{ ...original, text }, ...(other?.(JSON.parse(original.text) as Json) ?? []), ...lists];
  expect(text).not.toBe(original.text);
  const found = lint(kind, files).filter((finding) => finding.rule === rule);
  expect(found).not.toEqual([]);
  for (const { file, line, message } of found) {
    expect(file).toMatch(/\.json$/);
    expect(line).toBeGreaterThan(0);
    expect(message).toMatch(/\.$/);
  }
});

const dashboards = readdirSync(new URL('../../monitoring/grafana/dashboards/', import.meta.url), {
  recursive: true,
  encoding: 'utf8',
})
  .filter((name) => name.endsWith('.json'))
  .map((name) => `monitoring/grafana/dashboards/${name}`);

// Each of them is linted for each mistake: seconds of a busy core.
const timeoutMs = 120_000;

test.each(sweeps)(
  'in every dashboard, each panel $name is found by $rule',
  { timeout: timeoutMs },
  ({ change, rule }) => {
    let count = 0;
    for (const path of dashboards) {
      const dashboard = JSON.parse(read(path).text) as Json;
      const panels: Json[] = dashboard.panels.flatMap((panel: Json) => panel.panels ?? [panel]);
      const changed = panels.filter((panel) => panel.type !== 'row' && change(panel)).map(({ id }) => id);
      count += changed.length;

      const found = lint(kind, [{ path, text: JSON.stringify(dashboard, null, 2), isNamed: true }, ...lists])
        .filter((finding) => finding.rule === rule)
        .map(({ message }) => Number(/^Panel (\d+) /.exec(message)?.[1]));

      expect([...new Set(found)].sort(), path).toEqual(changed.sort());
    }
    expect(count).toBeGreaterThan(0);
  },
);
