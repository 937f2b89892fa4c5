import { readFileSync } from 'node:fs';
import { coreFamilies, joinFamilies } from '@benchlab-otel/core';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { presetFamilies } from '../../../presets/src/registry/presetFamilies.ts';
import { lint } from '../findings/lintKind.ts';
import { dashboardsKind } from './dashboardsKind.ts';

const kind = dashboardsKind(joinFamilies([...presetFamilies, ...coreFamilies]));
const read = (path: string) => readFileSync(new URL(`./cases/${path}`, import.meta.url), 'utf8');
const good = read('uneditable/good.json');
const wrong = read('series-unknown/bad.json');
const v2 = read('viz-version/good.json');
const wrongV2 = v2.replace('hw_host_power_watts{job', 'hw_host_power_wats{job');
const found = (text: string, path = 'a.json') =>
  lint(kind, [{ path, text, isNamed: true }]).map(({ rule, line, column }) => `${rule}:${line}:${column ?? ''}`);
/** Line and column of a text in a file. */
const placeOf = (text: string, part: string) => {
  const lines = text.slice(0, text.indexOf(part)).split('\n');
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
};
const indented = (text: string, by: number) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `${' '.repeat(by)}${line}`)
    .join('\n');
const configMap = (text: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: boards\n  labels: {grafana_dashboard: "1"}\ndata:\n  bench.json: |-\n${indented(text, 4)}\n`;

test('a finding in a query has the place of the series, also behind escapes', () => {
  const text = wrong.replace('max by (hw_id) (hw_host', 'max by (hw_id) (\\n\\t\\u0020hw_host');

  expect(found(text)).toEqual([`series-unknown:${placeOf(text, 'hw_host_power_wats')}`]);
});

test('a finding behind a variable has the place that is written in the file', () => {
  const text = good.replace(
    'hw_host_power_watts{job=~\\"$job\\",',
    'hw_host_power_watts{job=~\\"[[job:regex]]\\",hw_idd=\\"a\\",',
  );

  expect(found(text)).toEqual([`label-unknown:${placeOf(text, 'hw_idd')}`]);
});

describe('a dashboard', () => {
  test.each([
    ['of form v1', wrong],
    ['of form v2', wrongV2],
    ['as the API gives it', `{"meta": {},\n"dashboard": ${wrong}}`],
    [
      'as a resource of form v1',
      `{"apiVersion": "dashboard.grafana.app/v1beta1", "kind": "Dashboard",\n"spec": ${wrong}}`,
    ],
  ])('%s is read', (_, text) => {
    expect(found(text)).toEqual([`series-unknown:${placeOf(text, 'hw_host_power_wats')}`]);
  });

  test('in a ConfigMap is read, and its places are those of the YAML file', () => {
    const text = configMap(wrong);

    expect(found(text, 'a.yaml')).toEqual([`series-unknown:${placeOf(text, 'hw_host_power_wats')}`]);
  });

  test('in a list of ConfigMaps is read, each by its name', () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n-${indented(configMap(wrong), 2).slice(1)}\n-${indented(configMap(good.replace('"uid": "bench"', '"uid": "b"')), 2).slice(1)}\n`;

    expect(found(text, 'a.yaml')).toEqual([`series-unknown:${placeOf(text, 'hw_host_power_wats')}`]);
  });

  test('in a quoted text of a ConfigMap has the line of the text', () => {
    const text = `kind: ConfigMap\ndata:\n  bench.json: ${JSON.stringify(wrong)}\n`;

    expect(found(text, 'a.yaml')).toEqual(['series-unknown:3:']);
  });

  test('of the operator is read', () => {
    const text = `kind: GrafanaDashboard\nspec:\n  json: |\n${indented(wrong, 4)}\n`;

    expect(found(text, 'a.yaml')).toEqual([`series-unknown:${placeOf(text, 'hw_host_power_wats')}`]);
  });

  test('as YAML is read', () => {
    expect(found(stringify(JSON.parse(wrongV2)), 'a.yaml')).toEqual([expect.stringMatching(/^series-unknown:\d+:$/)]);
  });
});

describe('a ConfigMap', () => {
  test('with broken JSON is a finding at its line, with the key', () => {
    const text = configMap('{\n  "title": "a",\n  "panels": [\n}');

    const findings = lint(kind, [{ path: 'a.yaml', text, isNamed: true }]);

    expect(findings).toMatchObject([
      { rule: 'json-syntax', line: 11, message: expect.stringContaining('"bench.json"') },
    ]);
  });

  test('with form v2 is a finding: a sidecar writes it into the folder of files', () => {
    expect(found(configMap(v2), 'a.yaml')).toEqual([expect.stringMatching(/^v2-in-v1-folder:/)]);
  });

  test('without dashboards is not read', () => {
    const other = 'kind: ConfigMap\ndata:\n  a.conf: "{"\n';

    expect(
      lint(kind, [
        { path: 'a.yaml', text: other, isNamed: false },
        { path: 'b.json', text: good, isNamed: true },
      ]),
    ).toEqual([]);
  });
});

test('form v2 is found where a provider of Grafana reads the folder', () => {
  const provider =
    'apiVersion: 1\nproviders:\n  - name: a\n    type: file\n    options: {path: /var/lib/grafana/dashboards/bench}\n';
  const files = (folder: string) => [
    { path: `grafana/dashboards/${folder}/a.json`, text: v2, isNamed: false },
    { path: 'grafana/provisioning/a.yaml', text: provider, isNamed: false },
  ];

  expect(lint(kind, files('bench')).map(({ rule }) => rule)).toEqual(['v2-in-v1-folder']);
  expect(lint(kind, files('api'))).toEqual([]);
});

test('a comment of another linter in a title allows nothing', () => {
  const text = wrong.replace('"title": "Bench"', '"title": "# lint: allow series-unknown: because"');

  expect(found(text)).toHaveLength(1);
});

describe('an exclusion', () => {
  const list = (text: string) => ({ path: 'dashboard-exclusions.yaml', text, isNamed: true });
  const dashboard = { path: 'a.json', text: wrong, isNamed: true };
  const rules = (text: string) => lint(kind, [dashboard, list(text)]).map(({ rule }) => rule);
  const reason = 'reason: The series comes with the next release.';

  test('takes away the finding that it names by rule, dashboard, panel and query', () => {
    expect(rules(`exclusions:\n  - {rule: series-unknown, dashboard: bench, panel: 1, query: A, ${reason}}\n`)).toEqual(
      [],
    );
  });

  test.each([
    ['another dashboard', 'dashboard: shop, panel: 1, query: A'],
    ['another panel', 'dashboard: bench, panel: 2, query: A'],
    ['another query', 'dashboard: bench, panel: 1, query: B'],
    ['no query', 'dashboard: bench, panel: 1'],
    ['no panel', 'dashboard: bench'],
  ])('that names %s takes nothing away, and is a finding itself', (_, place) => {
    expect(rules(`exclusions:\n  - {rule: series-unknown, ${place}, ${reason}}\n`)).toEqual([
      'series-unknown',
      'exclusion-unused',
    ]);
  });

  test.each([
    ['5\n', ['series-unknown', 'exclusion-form']],
    ['exclusions: {}\n', ['series-unknown', 'exclusion-form']],
    ['exclusions: [5]\n', ['series-unknown', 'exclusion-form']],
    ['exclusions: [{rule: series-unknown}]\n', ['series-unknown', 'exclusion-form']],
    [
      `exclusions: [{rule: series-unknown, dashboard: bench, panle: 1, ${reason}}]\n`,
      ['series-unknown', 'exclusion-form'],
    ],
    [
      'exclusions: [{rule: series-unknown, dashboard: bench, panel: 1, query: A}]\n',
      ['series-unknown', 'exclusion-without-reason'],
    ],
    ['exclusions: [\n', ['series-unknown', 'yaml-syntax']],
  ])('of another form is found: %j', (text, expected) => {
    expect(rules(text)).toEqual(expected);
  });
});

describe('a series that is not known', () => {
  const asking = (series: string) =>
    good.replaceAll('hw_host_power_watts', series).replace('"unit": "watt"', '"unit": "none"');
  const unknown = (series: string, beside: { path: string; text: string }[] = []) =>
    lint(kind, [
      { path: 'a.json', text: asking(series), isNamed: true },
      ...beside.map((file) => ({ ...file, isNamed: false })),
    ])
      .filter(({ rule }) => rule === 'series-unknown')
      .map(({ message }) => /(?:panel|variable) [^:]+/i.exec(message)?.[0]);
  const foreign = { path: 'foreign-series.json', text: '{"targetLabels": [], "programs": []}' };
  const recording = {
    path: 'r.yml',
    text: 'groups: [{name: a, rules: [{record: "job:up:sum", expr: sum by (job) (up)}]}]\n',
  };
  const everywhere = ['Variable "job"', 'Variable "instance"', 'Panel 1 "Host power", query A'];

  test('is a mistake where its name begins as ours do, also without the list of other programs', () => {
    expect(unknown('hw_host_power_wats')).toEqual(everywhere);
  });

  test('is one of another program without that list, and a mistake with it', () => {
    expect(unknown('shop_orders')).toEqual([]);
    expect(unknown('shop_orders', [foreign])).toEqual(everywhere);
  });

  test('is recorded elsewhere without rule files, and a mistake with them', () => {
    expect(unknown('job:down:sum', [foreign])).toEqual([]);
    expect(unknown('job:down:sum', [foreign, recording])).toEqual(everywhere);
  });
});
