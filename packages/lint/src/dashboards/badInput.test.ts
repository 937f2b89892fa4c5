import { readFileSync } from 'node:fs';
import { coreFamilies, joinFamilies } from '@benchlab-otel/core';
import { describe, expect, test } from 'vitest';
import { presetFamilies } from '../../../presets/src/registry/presetFamilies.ts';
import { textOf } from '../files/lintFile.ts';
import { lint } from '../findings/lintKind.ts';
import { dashboardsKind } from './dashboardsKind.ts';

const kind = dashboardsKind(joinFamilies([...presetFamilies, ...coreFamilies]));
const good = readFileSync(new URL('./cases/uneditable/good.json', import.meta.url), 'utf8');
const v2 = readFileSync(new URL('./cases/viz-version/good.json', import.meta.url), 'utf8');
const found = (text: string, path = 'a.json') => lint(kind, [{ path, text, isNamed: true }]);
const rules = (text: string, path?: string) => found(text, path).map(({ rule }) => rule);

/** The good dashboard with its first panel changed. */
function withPanel(change: Readonly<Record<string, unknown>>): string {
  const dashboard = JSON.parse(good);
  Object.assign(dashboard.panels[0], change);
  return JSON.stringify(dashboard);
}

describe('a file of another form is found, and nothing is thrown', () => {
  test.each([
    ['null', ['not-a-dashboard']],
    ['5', ['not-a-dashboard']],
    ['"panels"', ['not-a-dashboard']],
    ['[]', ['not-a-dashboard']],
    ['{}', ['not-a-dashboard']],
    ['{"dashboard": 5}', ['not-a-dashboard']],
    ['{"a": [}', ['json-syntax']],
    ['{"a": "b', ['json-syntax']],
    ['{"a": 1}{', ['json-syntax']],
    ['{"a": tru}', ['json-syntax']],
    ['{"a": "\\x"}', ['json-syntax']],
    [`${'['.repeat(100_000)}`, ['json-too-deep']],
    [`${'{"panels":['.repeat(50_000)}`, ['json-too-deep']],
  ])('%.40j', (text, expected) => {
    expect(rules(text)).toEqual(expected);
  });

  test.each(['null', '5', '"x"', '[]', '[null]', '[5]', '["x"]', '[[]]', '{}', '{"list": 5}', '{"list": [null, 5]}'])(
    'every part of a dashboard may be %s',
    (value) => {
      const dashboard = JSON.parse(good);
      for (const key of Object.keys(dashboard)) {
        expect(found(JSON.stringify({ ...dashboard, [key]: JSON.parse(value) })).length, key).toBeGreaterThanOrEqual(0);
      }
      for (const key of Object.keys(dashboard.panels[0])) {
        expect(found(withPanel({ [key]: JSON.parse(value) })).length, key).toBeGreaterThanOrEqual(0);
      }
      for (const key of Object.keys(dashboard.panels[0].targets[0])) {
        const targets = [{ ...dashboard.panels[0].targets[0], [key]: JSON.parse(value) }];
        expect(found(withPanel({ targets })).length, key).toBeGreaterThanOrEqual(0);
      }
    },
  );

  test('panels, queries and a panel type that are of another type are not taken for right', () => {
    for (const change of [{ targets: [5] }, { targets: null }, { type: 5 }, { fieldConfig: [] }, { datasource: 5 }]) {
      expect(found(withPanel(change)), JSON.stringify(change)).not.toEqual([]);
    }
    expect(rules(JSON.stringify({ ...JSON.parse(good), panels: [null, 5] }))).toContain('panel-id');
  });

  test('keys of the prototype are names like any other', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    for (const name of names) {
      const expr = `sum by (${name}) (rate(${name}_total{job=~"$${name}"}[$${name}])) / $${name}`;
      expect(() => found(withPanel({ type: name, targets: [{ refId: name, expr }] }))).not.toThrow();
      expect(() => found(withPanel({ fieldConfig: { defaults: { unit: name } } }))).not.toThrow();
    }
  });
});

describe('a file that is cut or damaged', () => {
  test.each([
    ['v1', good],
    ['v2', v2],
  ])('of form %s, at any place, has a finding', (_, whole) => {
    for (let length = 0; length < whole.trimEnd().length; length += 41) {
      expect(found(whole.slice(0, length)), `${length}`).not.toEqual([]);
    }
  });

  test('by random characters is read without a throw', () => {
    const characters = '{}[]()"\'\\:,$|=~0a \u0001\u202e😀';
    let seed = 1;
    for (let round = 0; round < 400; round++) {
      // Linear congruential, so that a failure can be repeated.
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      const at = seed % good.length;
      expect(() =>
        found(`${good.slice(0, at)}${characters[seed % characters.length]}${good.slice(at + 1)}`),
      ).not.toThrow();
    }
  });

  test('with a byte order mark is one that Grafana refuses', () => {
    const read = textOf('a.json', Buffer.from(`\uFEFF${good}`), true);

    expect('file' in read && lint(kind, [read.file]).map(({ rule, line }) => [rule, line])).toEqual([
      ['json-byte-order-mark', 1],
    ]);
  });

  test('the place is that of the mistake', () => {
    const text = good.replace('"title": "Host power"', '"title": Host power');

    expect(found(text)[0]).toMatchObject({
      rule: 'json-syntax',
      line: text.split('\n').findIndex((line) => line.includes('Host power')) + 1,
    });
  });
});

describe('hostile titles', () => {
  const title = `\u001b[31mred\u001b[0m\u202e\n::error::<script>alert(1)</script>${'x'.repeat(500)}`;

  test('are shown on one line, cut, and without what a terminal acts on', () => {
    const [finding] = found(withPanel({ title, description: '' }));

    expect(finding?.message).toMatch(/^Panel 1 "\?\[31mred\?\[0m\?\?::error::<script>alert\(1\)<\/script>x+…": /);
    expect(finding?.message.length).toBeLessThan(150);
  });

  test('of a variable, a dashboard and a refId are shown in the same way', () => {
    const dashboard = JSON.parse(good);
    dashboard.templating.list.push({ type: 'query', name: title, query: title });
    dashboard.panels[0].targets[0].refId = title;
    dashboard.panels[0].targets[0].expr = '(';

    const findings = found(JSON.stringify({ ...dashboard, uid: title }));

    expect(findings.length).toBeGreaterThan(3);
    for (const { message, fix } of findings) expect(`${message}${fix}`).not.toMatch(/\p{C}/u);
  });
});

describe('a dashboard that is too large', () => {
  test('in panels is read up to a bound, and states that', () => {
    const dashboard = JSON.parse(good);
    const panels = Array.from({ length: 3000 }, (_, index) => ({ ...dashboard.panels[0], id: index + 1 }));

    const findings = found(JSON.stringify({ ...dashboard, panels }));

    expect(findings.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('more panels than are looked at'),
    );
    expect(findings.length).toBeLessThan(6000);
  });

  test('in empty panels ends in bounded time, with bounded findings', () => {
    const before = process.cpuUsage();
    const text = `{"title": "a", "panels": [${'{},'.repeat(500_000)}{}]}`;

    const findings = found(text);

    expect(findings.length).toBeLessThan(20_000);
    expect(findings.map(({ message }) => message)).toContainEqual(expect.stringContaining('more than 1000 of these'));
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(15);
  });

  test('in variables of one query ends in bounded time', () => {
    const before = process.cpuUsage();

    for (const expr of [
      '$a'.repeat(9000),
      '$a+'.repeat(6000),
      '"'.repeat(19_000),
      '['.repeat(19_000),
      '$a '.repeat(600_000),
    ]) {
      expect(rules(withPanel({ targets: [{ refId: 'A', expr }] }))).toContain('variable-unused');
    }
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(15);
  });

  test('in unknown series ends in bounded time', () => {
    const before = process.cpuUsage();
    const targets = Array.from({ length: 150 }, (_, i) => ({ refId: `${i}`, expr: `hw_host_${i}_${'x'.repeat(40)}` }));
    const panels = Array.from({ length: 10 }, (_, i) => ({ id: i + 1, type: 'stat', title: `${i}`, targets }));

    expect(rules(JSON.stringify({ title: 'a', panels }))).toContain('series-unknown');
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(20);
  });
});

describe('a part that cannot be compared does not count as right', () => {
  test('a query of another data source is named with its panel and refId', () => {
    const targets = [{ refId: 'A', datasource: { type: 'influxdb', uid: 'x' }, query: 'SELECT 1' }];

    expect(found(withPanel({ targets }))).toContainEqual(
      expect.objectContaining({
        rule: 'target-unread',
        message: 'Panel 1 "Host power", query A: Queries of "influxdb" are not read.',
      }),
    );
  });

  test('a variable as the name of a series is a finding', () => {
    const targets = [{ refId: 'A', expr: 'sum([[metric]]_total{job=~"$job",instance=~"$instance"})' }];

    expect(rules(withPanel({ targets }))).toContain('series-variable');
  });

  test('a folder without any dashboard is a finding', () => {
    const files = [{ path: 'a/package.json', text: '{"name": "a"}', isNamed: false }];

    expect(lint(kind, files).map(({ rule }) => rule)).toEqual(['not-a-dashboard']);
  });

  test('other JSON next to dashboards is skipped, unless it was named', () => {
    const dashboard = { path: 'a/good.json', text: good, isNamed: false };

    expect(lint(kind, [dashboard, { path: 'a/package.json', text: '{"name": "a"}', isNamed: false }])).toEqual([]);
    expect(lint(kind, [dashboard, { path: 'a/package.json', text: '{"name": "a"}', isNamed: true }])).toHaveLength(1);
  });
});
