import { expect, test } from 'vitest';
import { expectPageRegion } from '../../packages/analysis/src/energy/pageRegion.suite.ts';
import { panelDefinitions } from './dashboardDefinition.ts';
import { definitions, fileOf } from './dashboards.ts';
import { seedPanels } from './seedPanels.ts';

const byName = new Map(definitions.map((definition) => [definition.name, definition]));

test('every panel of an earlier document is a panel here', () => {
  for (const { seed, panel, dashboard, ids } of seedPanels) {
    const there = panelDefinitions(byName.get(dashboard)!).map(({ id }) => id);

    expect(ids.length, `${seed}: ${panel}`).toBeGreaterThan(0);
    expect(there, `${seed}: ${panel}`).toEqual(expect.arrayContaining([...ids]));
  }
});

// The number of panels that each document names: a row that is taken out is noticed.
test('no panel of an earlier document is missing from the list', () => {
  const counts: Record<string, number> = {};
  for (const { seed } of seedPanels) counts[seed] = (counts[seed] ?? 0) + 1;

  expect(counts).toEqual({
    'bitnet-rs Overview': 14,
    'Performance Comparison': 4,
    'Detailed Rust Metrics': 6,
    'System Overview': 5,
    'Venice API': 9,
    'Session Analytics': 7,
    'Sidepanel Overview': 4,
    'Live dashboard': 5,
    'Grafana examples of the bench': 3,
    'pipeline.json': 5,
  });
});

test('the page lists them', async () => {
  const rows = seedPanels.map(({ seed, panel, dashboard, ids }) => {
    const panels = panelDefinitions(byName.get(dashboard)!);
    const named = ids.map((id) => `${id} ${panels.find((each) => each.id === id)?.title}`);
    return `| ${seed} | ${panel} | ${dashboard} | ${named.join('; ')} |`;
  });
  await expectPageRegion('dashboards-grafana.md', 'panels of earlier documents', [
    '| document | its panel | dashboard | panel id and title |',
    '| --- | --- | --- | --- |',
    ...rows,
  ]);
});

test('the page lists every dashboard', async () => {
  const rows = definitions.map((definition) => {
    const { name, title, folder, description, panels, sections = [] } = definition;
    const closed = sections.reduce((sum, section) => sum + section.panels.length, 0);
    const link = `[${title}](../monitoring/grafana/dashboards/${fileOf(definition)})`;
    return `| ${folder} | ${link} | \`benchlab-${name}\` | ${panels.length} + ${closed} | ${description} |`;
  });
  await expectPageRegion('dashboards-grafana.md', 'dashboards', [
    '| folder | dashboard | uid | panels, open + closed | shows |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ]);
});
