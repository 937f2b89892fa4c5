import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dashboards, rendered } from './dashboards.ts';
import { findings, panelsOf, queriesOf } from './lint.ts';

const folder = new URL('../grafana/dashboards/', import.meta.url);
const built = Object.entries(dashboards).map(([name, build]) => [name, build()] as const);

test.each(built)('%s keeps every rule', (_name, dashboard) => {
  expect(findings(dashboard)).toEqual([]);
});

test.each(built)('the committed %s.json is what its source renders', (name, dashboard) => {
  expect(readFileSync(new URL(`${name}.json`, folder), 'utf8')).toBe(rendered(dashboard));
});

test('every committed dashboard has a source', () => {
  expect(readdirSync(folder)).toEqual(Object.keys(dashboards).map((name) => `${name}.json`));
});

test.each(built)('%s renders to the same bytes twice', (name, dashboard) => {
  expect(rendered(dashboards[name]?.() ?? dashboard)).toBe(rendered(dashboard));
});

// A number in this list never changes its panel: links, alerts and people's bookmarks point at it.
test('the panels of bench-host keep their ids', () => {
  const panels = panelsOf(dashboards['bench-host']!()).map(({ id, title }) => `${id} ${title}`);

  expect(panels.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))).toEqual([
    '1 Host power',
    '2 Host energy',
    '3 Energy of the rails',
    '4 Power of the rails',
    '5 Temperatures',
    '6 Fans',
    '7 Faults',
    '8 Sample age',
    '9 Polls of the receivers',
    '10 Wires of the 12V-2x6 connectors',
    '11 Host power over time',
  ]);
});

test('every series that a device is behind says in its legend when it is simulated', () => {
  const queries = built.flatMap(([, dashboard]) => panelsOf(dashboard).flatMap(queriesOf));
  const ofDevices = queries.filter(({ expr }) => expr?.includes('hw_id'));

  expect(ofDevices.length).toBeGreaterThan(0);
  for (const { expr, legendFormat } of ofDevices) {
    expect(expr).toMatch(/^label_replace\(.*, "simulated", " \(simulated\)", "benchlab_simulated", "true"\)$/);
    expect(legendFormat).toContain('{{simulated}}');
  }
});
