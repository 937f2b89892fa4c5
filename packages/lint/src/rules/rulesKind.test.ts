import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { coreFamilies, joinFamilies } from '@benchlab-otel/core';
import { describe, expect, test } from 'vitest';
import { presetFamilies } from '../../../presets/src/registry/presetFamilies.ts';
import type { LintFile } from '../files/lintFile.ts';
import { lint } from '../findings/lintKind.ts';
import { yamlRules } from '../yaml/parseYaml.ts';
import { rulesKind } from './rulesKind.ts';

const kind = rulesKind(joinFamilies([...presetFamilies, ...coreFamilies]));
const folder = fileURLToPath(new URL('./cases/', import.meta.url));
const ids = kind.rules.map(({ id }) => id).filter((id) => !yamlRules.some((rule) => rule.id === id));

/** Of a case: its good or bad file, and the lists and runbooks that both have. `bad-thresholds.json` belongs to the bad one. */
function filesOf(id: string, which: 'bad' | 'good'): readonly LintFile[] {
  return readdirSync(join(folder, id), { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const other = which === 'bad' ? 'good' : 'bad';
    if (!/\.(yml|json|md)$/.test(name) || name.startsWith(other)) return [];
    const path = name.replace(/^bad-/, '');
    return [{ path, text: readFileSync(join(folder, id, name), 'utf8'), isNamed: path.endsWith('.yml') }];
  });
}

const found = (text: string, path = 'a.yml') =>
  lint(kind, [{ path, text, isNamed: true }]).map(({ rule, line, column }) => [rule, line, column].join(':'));

describe('every rule', () => {
  test('has a case, and every case a rule', () => {
    expect(readdirSync(folder).sort()).toEqual([...ids].sort());
  });

  test.each(ids)('%s finds its bad case with place, message and fix, and nothing else', (id) => {
    const findings = lint(kind, filesOf(id, 'bad'));

    expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set([id]));
    for (const { line, message, fix } of findings) {
      expect(line).toBeGreaterThan(0);
      expect(message).toMatch(/\.$/);
      expect(fix).toMatch(/^[A-Z].*\.$/);
    }
  });

  test.each(ids)('%s finds nothing in its good case', (id) => {
    expect(lint(kind, filesOf(id, 'good'))).toEqual([]);
  });

  test('states in a sentence what goes wrong without it', () => {
    for (const { reason } of kind.rules) expect(reason).toMatch(/^[A-Z].*\.$/);
  });
});

describe('a file of another form', () => {
  test.each([
    ['groups: 5\n', ['rule-form:1:1']],
    ['groups: [5]\n', ['rule-form:1:10', 'rule-form:1:10']],
    ['groups: [{name: a, rules: {}}]\n', ['rule-form:1:10']],
    ['groups: [{name: a, rules: [5]}]\n', ['rule-form:1:28']],
    ['groups: [{name: a, rules: [null]}]\n', ['rule-form:1:28']],
    ['groups: [{name: a, rules: [{record: "a:b:c"}]}]\n', ['rule-form:1:29']],
    ['groups: [{name: a, rules: [{record: "a:b:c", expr: [up]}]}]\n', ['rule-form:1:29']],
    ['groups: [{name: a, rules: [{record: "a:b:c", expr: up, labels: [a]}]}]\n', ['rule-form:1:56']],
    ['groups: [{name: a, rules: [{record: "a:b:c", expr: up, labels: {a: [b]}}]}]\n', ['rule-form:1:65']],
    ['groups: [{name: a, rules: [{record: "a:b:c", expr: up, for: soon}]}]\n', ['rule-form:1:56']],
    ['groups: [{name: a, limits: 1, rules: []}]\n', ['rule-form:1:20']],
    ['a: 1\n', ['rule-form:1:1']],
    ['- groups\n', ['rule-form:1:1']],
    ['groups:\n\t- a\n', ['yaml-tab:2:1']],
  ])('%j is found, and nothing is thrown', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test('that was found in a folder and is not one of rules is skipped', () => {
    expect(lint(kind, [{ path: 'compose.yml', text: 'services: {}\n', isNamed: false }])).toEqual([]);
  });

  test('a PrometheusRule of Kubernetes is read', () => {
    const text =
      'kind: PrometheusRule\nspec:\n  groups:\n    - name: a\n      rules:\n        - record: a:b:c\n          expr: sum(upp)\n';

    expect(found(text)).toEqual(['series-unknown:7:21']);
  });
});

describe('a file that is cut or damaged', () => {
  const whole = readdirSync(folder)
    .map((id) => readFileSync(join(folder, id, 'bad.yml'), 'utf8'))
    .join('---\n');
  /** Linear congruential, so that a failure can be repeated. */
  const random = (seed: number) => (seed * 1_103_515_245 + 12_345) % 2 ** 31;

  test('at any place is read without a throw', () => {
    for (let length = 0; length < whole.length; length += 61) expect(() => found(whole.slice(0, length))).not.toThrow();
  });

  test('by random characters is read without a throw', () => {
    const characters = '{}[]()"\'\\:&*|>-#\n\t \u0000ä😀';
    let seed = 1;
    for (let round = 0; round < 300; round++) {
      seed = random(seed);
      const at = seed % whole.length;
      const start = Math.max(0, at - 200);
      const character = characters[seed % characters.length];
      expect(() => found(`${whole.slice(start, at)}${character}${whole.slice(at + 1, at + 200)}`)).not.toThrow();
    }
  });
});

test('a finding in a query of several lines has the line of the series', () => {
  const text =
    'groups:\n  - name: a\n    rules:\n      - record: a:b:c\n        expr: |\n          sum(up)\n            + sum(upp)\n';

  expect(found(text)).toEqual(['series-unknown:7:']);
});

test('a name that is nearly right gets the right one as its fix', () => {
  const text = 'groups: [{name: a, rules: [{record: "a:b:c", expr: sum(hw_power_wats)}]}]\n';

  expect(lint(kind, [{ path: 'a.yml', text, isNamed: true }])[0]?.fix).toContain('hw_power_watts');
});

test('a recording rule is known to rules of other files, with the labels that it keeps', () => {
  const recording = 'groups: [{name: a, rules: [{record: "job:up:sum", expr: sum by (job) (up)}]}]\n';
  const user = 'groups: [{name: b, rules: [{record: "a:b:c", expr: sum by (instance) (job:up:sum)}]}]\n';

  const findings = lint(kind, [
    { path: 'b.yml', text: user, isNamed: true },
    { path: 'a.yml', text: recording, isNamed: true },
  ]);

  expect(findings.map(({ rule, file }) => [rule, file])).toEqual([['label-unknown', 'b.yml']]);
});

test('the series and the labels of foreign-series.json are known', () => {
  const list = {
    targetLabels: ['rack'],
    programs: [{ program: 'x', version: '1', series: [{ name: 'x_jobs_total', type: 'counter', labels: ['kind'] }] }],
  };
  const text =
    'groups: [{name: a, rules: [{record: "a:b:c", expr: "sum by (rack, kind) (rate(x_jobs_total[5m]))"}]}]\n';
  const file = { path: 'a.yml', text, isNamed: true };

  expect(lint(kind, [file]).map(({ rule }) => rule)).toEqual(['series-unknown']);
  expect(lint(kind, [file, { path: 'm/foreign-series.json', text: JSON.stringify(list), isNamed: true }])).toEqual([]);
});

test.each([
  '{',
  '[]',
  '{"alerts": {"A": [{}]}}',
  '{"alerts": {}, "panels": {"P": {}}}',
  '{"alerts": {}, "panels": []}',
])('thresholds.json with %s is a finding', (text) => {
  expect(found(text, 'thresholds.json')).toEqual(['list-form:1:']);
});

test.each(['{', '[]', '{"targetLabels": [], "programs": [{}]}'])('foreign-series.json with %s is a finding', (text) => {
  expect(found(text, 'foreign-series.json')).toEqual(['list-form:1:']);
});
