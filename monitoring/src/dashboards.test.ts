import { readdirSync, readFileSync } from 'node:fs';
import { attribute, prometheusName } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { panelDefinitions } from './dashboardDefinition.ts';
import { dashboards, definitions, fileOf, rendered } from './dashboards.ts';
import { findings, panelsOf, queriesOf } from './lint.ts';
import { registry } from './registry.ts';

const folder = new URL('../grafana/dashboards/', import.meta.url);
const built = Object.entries(dashboards).map(([name, build]) => [name, build()] as const);

test.each(built)('%s keeps every rule', (_name, dashboard) => {
  expect(findings(dashboard)).toEqual([]);
});

test.each(definitions)('the committed JSON of $name is what its source renders', (definition) => {
  expect(readFileSync(new URL(fileOf(definition), folder), 'utf8')).toBe(rendered(dashboards[definition.name]!()));
});

test('every committed dashboard has a source', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  // People bring what they saved in the browser to this folder.
  const ours = files.filter((file) => !file.startsWith('saved/'));
  expect(ours.sort()).toEqual(definitions.map(fileOf).sort());
});

test.each(built)('%s renders to the same bytes twice', (name, dashboard) => {
  expect(rendered(dashboards[name]?.() ?? dashboard)).toBe(rendered(dashboard));
});

// A number in this snapshot never changes its panel: links, alerts and people's bookmarks point at it.
test('panels keep their ids and titles', () => {
  const panels = definitions.flatMap((definition) => [
    ...panelDefinitions(definition).map(({ id, title }) => `${definition.name} ${id} ${title}`),
    ...(definition.sections ?? []).map(({ id, title }) => `${definition.name} ${id} section ${title}`),
  ]);

  expect(panels.sort(new Intl.Collator('en', { numeric: true }).compare)).toMatchSnapshot();
});

test.each(definitions)('$name has an id for each panel and section, and at most 20 open panels', (definition) => {
  const ids = [...panelDefinitions(definition), ...(definition.sections ?? [])].map(({ id }) => id);

  expect(ids).toEqual([...new Set(ids)]);
  expect(definition.panels.length).toBeLessThanOrEqual(20);
});

test('every panel leads on: to a runbook, a dashboard, the traces or the log lines, with the time shown and every variable', () => {
  for (const [name, dashboard] of built) {
    for (const { id, title, links = [], fieldConfig } of panelsOf(dashboard)) {
      const urls = [...links, ...((fieldConfig?.defaults.links ?? []) as typeof links)].map(({ url = '' }) => url);

      expect(urls.length, `${name} ${id} ${title} has no link`).toBeGreaterThan(0);
      for (const url of urls) {
        expect(url, `${name} ${id} ${title}`).toMatch(leadsOn);
        expect(url, 'a dashboard that leads to itself').not.toContain(`/d/benchlab-${name}?`);
      }
    }
  }
});

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: Grafana's syntax for a variable
const leadsOn = new RegExp(
  [
    String.raw`^\$runbooks[a-z]+/\w+\.md$`,
    String.raw`^/d/benchlab-[\w-]+\?\$\{__url_time_range\}&\$\{__all_variables\}$`,
    String.raw`^/explore\?.*"from":"\$\{__from\}","to":"\$\{__to\}"`,
  ].join('|'),
);
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: Grafana's syntax for a variable

// What has the attribute can be of emulated hardware: a figure of it without a word would be taken for a measurement.
test('every panel of what emulated hardware can produce states so, in its legend, a column or its title', () => {
  const names = registry.metrics
    .filter(({ attributes }) => attributes.includes(attribute.simulated))
    .map((definition) => prometheusName(definition));
  const silent = built.flatMap(([name, dashboard]) =>
    panelsOf(dashboard).flatMap((panel) => {
      const queries = queriesOf(panel).filter(({ expr = '' }) => names.some((each) => expr.includes(each)));
      const inColumn = panel.type === 'table' && JSON.stringify(panel.transformations).includes('"simulated"');
      const states = (text = '') => /simulated|emulated/i.test(text);
      const isStated = inColumn || states(panel.title) || queries.every(({ legendFormat }) => states(legendFormat));
      return isStated ? [] : [`${name}: ${panel.title}`];
    }),
  );

  expect(silent).toEqual([]);
});

test('a legend that has {{simulated}} has a query that makes the label', () => {
  for (const { expr, legendFormat } of built.flatMap(([, dashboard]) => panelsOf(dashboard).flatMap(queriesOf))) {
    if (!legendFormat?.includes('{{simulated}}')) continue;
    expect(expr).toMatch(/^label_replace\(.*, "simulated", " \(simulated\)", "benchlab_simulated", "true"\)$/);
  }
});

test('panels stand inside the grid and on no other panel', () => {
  for (const [, dashboard] of built) {
    const taken = new Set<string>();
    for (const { gridPos, title } of (dashboard.panels ?? []).filter(({ type }) => type !== 'row')) {
      const { x = 0, y = 0, w = 0, h = 0 } = gridPos ?? {};
      expect(x + w, title).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column += 1) {
        for (let row = y; row < y + h; row += 1) {
          expect(taken.has(`${column},${row}`), `${title} at ${column},${row}`).toBe(false);
          taken.add(`${column},${row}`);
        }
      }
    }
  }
});
