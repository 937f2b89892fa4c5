import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { published } from '../stack/publishedSeries.ts';

const listed = JSON.parse(readFileSync(new URL('../../monitoring/foreign-series.json', import.meta.url), 'utf8')) as {
  readonly programs: readonly { readonly program: string; readonly version: string; readonly source?: string }[];
};

test('the series that published pages list for programs that no test runs are in monitoring/foreign-series.json', () => {
  for (const program of published) {
    expect(listed.programs.find((each) => each.program === program.program)).toEqual(program);
  }
});

test('every program of the list has a version, and each that was read instead of run names its source and its licence', () => {
  expect(listed.programs.map(({ program }) => program)).toEqual(
    expect.arrayContaining([
      'prometheus',
      'alertmanager',
      'node_exporter',
      'benchlab-otelcol',
      'cAdvisor',
      'dcgm-exporter',
    ]),
  );
  for (const { program, version, source } of listed.programs) {
    expect(version, program).toMatch(/^\d+\.\d+/);
    if (source !== undefined) expect(source, program).toMatch(/^github\.com\//);
  }
  for (const { program, licence, series } of published) {
    expect(licence, program).toMatch(/^(Apache-2\.0|AGPL-3\.0)/);
    expect(series.length, program).toBeGreaterThan(0);
  }
});
