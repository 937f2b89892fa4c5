import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type DashboardDefinition, panelDefinitions } from './dashboardDefinition.ts';
import { definitions } from './dashboards.ts';

interface Alert {
  readonly alert: string;
  readonly annotations: { readonly dashboard_url: string };
}

const rules = new URL('../../collector-config/prometheus/rules/', import.meta.url);
const runbooks = readdirSync(new URL('../../collector-config/runbooks/', import.meta.url));
const alerts = readdirSync(rules).flatMap((file) => {
  const { groups } = parse(readFileSync(new URL(file, rules), 'utf8')) as { groups: { rules: Partial<Alert>[] }[] };
  return groups.flatMap((group) => group.rules).filter((rule): rule is Alert => rule.alert !== undefined);
});

test.each(alerts)('the link of $alert leads to a dashboard, a panel and variables that there are', (rule) => {
  const link = linkOf(rule);
  const dashboard = definitions.find(({ name }) => name === link.name);

  expect(dashboard?.name, link.name).toBe(link.name);
  expect(dashboard?.variables.map(({ name }) => name)).toEqual(expect.arrayContaining([...link.variables]));
  if (link.panel !== undefined) expect(panelOf(dashboard, link.panel)?.id).toBe(link.panel);
});

test('an alert that leads to a panel is one that the panel has the runbook of', () => {
  for (const rule of alerts) {
    const { name, panel } = linkOf(rule);
    if (panel === undefined) continue;
    const links = panelOf(
      definitions.find((each) => each.name === name),
      panel,
    )
      ?.build()
      .links?.map(({ title }) => title);

    expect(links, rule.alert).toContain(`Runbook: ${rule.alert}`);
  }
});

test('every runbook that a panel links to is there, of an alert that there is', () => {
  const linked = definitions
    .flatMap(panelDefinitions)
    .flatMap((panel) => panel.build().links ?? [])
    .flatMap(({ title }) => /^Runbook: (\w+)$/.exec(title)?.[1] ?? []);

  expect(linked.length).toBeGreaterThan(0);
  expect(linked.filter((name) => !runbooks.includes(`${name}.md`))).toEqual([]);
  expect(linked.filter((name) => !alerts.some(({ alert }) => alert === name))).toEqual([]);
});

function linkOf({ annotations }: Alert): { name: string; panel: number | undefined; variables: readonly string[] } {
  const [path = '', query = ''] = annotations.dashboard_url.split('?');
  // What the rules put in is in double braces, which no name of a parameter has.
  const parameters = new URLSearchParams(query);
  const panel = parameters.get('viewPanel');
  return {
    name: path.replace(/^d\/benchlab-/, ''),
    panel: panel === null ? undefined : Number(panel),
    variables: [...parameters.keys()].flatMap((key) => /^var-(.+)$/.exec(key)?.[1] ?? []),
  };
}

function panelOf(dashboard: DashboardDefinition | undefined, id: number) {
  return dashboard && panelDefinitions(dashboard).find((panel) => panel.id === id);
}
