import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

// promtool runs the cases (test/stack/rules.test.ts); here is compared whether each alert has them.
const folder = new URL('../../collector-config/prometheus/', import.meta.url);

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly { readonly alert?: string; readonly expr: string }[] }[];
}
interface CaseFile {
  readonly rule_files: readonly string[];
  readonly tests: readonly {
    readonly name: string;
    readonly input_series: readonly { readonly series: string }[];
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly { readonly exp_labels: Readonly<Record<string, string>> }[];
    }[];
  }[];
}

const read = <T>(path: string) => parse(readFileSync(new URL(path, folder), 'utf8')) as T;
const files = readdirSync(new URL('rules/', folder));
const alerts = files.flatMap((file) =>
  read<RuleFile>(`rules/${file}`).groups.flatMap(({ rules }) =>
    rules.flatMap(({ alert, expr }) => (alert === undefined ? [] : [{ file, alert, expr }])),
  ),
);

test('there are the alerts of the documents, under their names', () => {
  const names = alerts.map(({ alert }) => alert);

  expect(names).toEqual(
    expect.arrayContaining([
      'BitNetRustServiceDown',
      'BitNetCrossValidationFailure',
      'BitNetRustModelLoadFailure',
      'BitNetRustHighErrorRate',
      'BitNetRustHighLatency',
      'BitNetRustHighCPUUsage',
      'BitNetRustHighMemoryUsage',
      'BitNetSystemHighCPU',
      'BitNetSystemHighMemory',
      'BitNetSystemHighDisk',
      'BitNetSystemNetworkSaturated',
      'BitNetRustLowThroughput',
      'BitNetCrossValidationPerformanceRegression',
      'BitNetRustGPUHighUtilization',
      'HighErrorRate',
      'LowDiemBalance',
      'CriticalDiemBalance',
      'HighLatency',
    ]),
  );
  expect(new Set(names).size).toBe(names.length);
});

describe.each(files)('%s', (file) => {
  const cases = read<CaseFile>(`tests/${file.replace(/\.yml$/, '.test.yml')}`);
  const own = alerts.filter((each) => each.file === file && each.alert !== 'Watchdog');

  test('is the file that its cases test', () => {
    expect(cases.rule_files).toEqual([`../rules/${file}`]);
  });

  test.each(own)('$alert has cases in which it fires, is quiet, flaps and has no series', ({ alert, expr }) => {
    const groups = cases.tests.filter(({ name }) => name.startsWith(`${alert}: `));
    const expected = groups.flatMap(({ alert_rule_test }) => alert_rule_test);

    for (const word of ['firing', 'quiet', 'flapping', 'absent']) {
      expect(
        groups.some(({ name }) => name.slice(alert.length).includes(word)),
        word,
      ).toBe(true);
    }
    expect(new Set(expected.map(({ alertname }) => alertname))).toEqual(new Set([alert]));
    expect(expected.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true);
    expect(expected.some(({ exp_alerts }) => exp_alerts.length === 0)).toBe(true);
    // A label of each series of a group has the name of its case.
    const together = groups.find(({ name }) => name === `${alert}: firing, quiet, flapping`);
    const named = together?.alert_rule_test[0]?.exp_alerts.flatMap(({ exp_labels }) => Object.values(exp_labels));
    if (named !== undefined) expect([named.includes('firing'), named.includes('quiet')]).toEqual([true, false]);
    const absent = groups.find(({ name }) => name.endsWith(': absent'));
    expect(absent?.alert_rule_test[0]?.exp_alerts.length).toBe(/\babsent\(/.test(expr) ? 1 : 0);
  });
});
