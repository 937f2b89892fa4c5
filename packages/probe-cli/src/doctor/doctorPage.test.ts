import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { expectPageRegion } from '../../../analysis/src/energy/pageRegion.suite.ts';
import { type Diagnosis, diagnosis } from './diagnosis.ts';
import { doctorJson, doctorText } from './doctorReport.ts';
import { type FindingId, findingIds, findingKinds } from './finding.ts';
import { machine, project } from './project.suite.ts';
import { exitCodeOf } from './runDoctor.ts';

const api = '@opentelemetry/api';
const schema = JSON.parse(readFileSync(new URL('../../schema/doctor.schema.json', import.meta.url), 'utf8'));

/** A project with one fault in its packages, and one in its environment. */
async function example(): Promise<{ readonly found: Diagnosis; readonly folder: string }> {
  const folder = project({
    files: {
      'package.json': {
        name: 'shop',
        version: '1.0.0',
        dependencies: { [api]: '^1.9.0', '@opentelemetry/sdk-metrics': '^2.0.0' },
      },
      [`node_modules/${api}/package.json`]: { name: api, version: '1.10.0' },
      'node_modules/@opentelemetry/sdk-metrics/package.json': {
        name: '@opentelemetry/sdk-metrics',
        version: '2.12.1',
        peerDependencies: { [api]: '>=1.9.0 <1.10.0' },
      },
    },
  });
  const environment = { OTEL_TRACES_SAMPLER: 'always_off' };
  return { found: await diagnosis({ folder, environment, host: machine() }), folder };
}

it('has an example in its page, as it prints it', async () => {
  const { found, folder } = await example();
  const text = doctorText(found, { folder, ignored: [] }).replaceAll(folder, '/srv/shop');

  await expectPageRegion('doctor.md', 'doctor example', ['', '```', text.trimEnd(), '```', '']);
});

it('has a table of all findings in its page', async () => {
  const rows = findingIds.map((id) => {
    const { wrong, evidence, fix } = findingKinds[id];
    return `| \`${id}\` | ${wrong} | ${evidence} | ${fix} |`;
  });

  await expectPageRegion('doctor.md', 'doctor findings', [
    '',
    '| id | what is wrong | evidence | fix |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ]);
});

describe('the JSON', () => {
  const valid = new Ajv2020({ allErrors: true }).compile(schema);
  const problems = (text: string) => (valid(JSON.parse(text)) ? [] : valid.errors);

  it('is as its schema describes it, with a program and without', async () => {
    const { found, folder } = await example();
    const at = { monotonicMs: 0, wallMs: 0 };
    const run = { exit: { code: 143, signal: 'SIGTERM' as const }, threads: [], before: at, after: at };

    expect(problems(doctorJson(found, { folder, ignored: ['api-minor'] }))).toEqual([]);
    expect(problems(doctorJson({ ...found, run }, { folder, ignored: [] }))).toEqual([]);
    expect(problems(doctorJson(found, { folder, ignored: [] }).replace('api-minor', 'api-major'))).not.toEqual([]);
  });

  it('has the ids of the table in its schema', () => {
    expect(schema.$defs.id.enum).toEqual(findingIds);
  });
});

describe('the exit code', () => {
  const found = (ids: readonly FindingId[], couldNotLook = false): Diagnosis => ({
    findings: ids.map((id) => ({ id, evidence: ['x.'], fix: 'y.' })),
    notLookedAt: [],
    couldNotLook,
  });

  it.each([
    [found([]), [], 0],
    [found([], true), [], 97],
    [found(['api-copies']), [], 99],
    [found(['api-copies'], true), [], 99],
    [found(['api-copies', 'pino-esm']), ['api-copies'], 99],
    [found(['api-copies']), ['api-copies'], 0],
    [found(['api-copies'], true), ['api-copies'], 97],
  ] as const)('of %j without %j is %d', (diagnosed, ignored, code) => {
    expect(exitCodeOf(diagnosed, ignored)).toBe(code);
  });
});

it('looks at a whole project without a finding, and lists what it did not look at', async () => {
  const folder = project({ links: [api], files: { 'package.json': { name: 'app', dependencies: { [api]: '*' } } } });

  const { findings, notLookedAt, couldNotLook } = await diagnosis({ folder, environment: {}, host: machine() });

  expect(findings).toEqual([]);
  expect(couldNotLook).toBe(false);
  expect(notLookedAt.flatMap(({ ids }) => ids)).toEqual(
    expect.arrayContaining(['provider-late', 'serial-permission', 'collector-refuses', 'port-taken']),
  );
  for (const { because } of notLookedAt) expect(because).not.toBe('');
});

it('keeps text from a package from acting on the terminal', async () => {
  const folder = project({ files: { 'package.json': { name: 'a\u001b[31m', dependencies: { [api]: '1' } } } });
  const { findings, ...rest } = await diagnosis({ folder, environment: {}, host: machine() });

  const text = doctorText({ findings, ...rest }, { folder, ignored: [] });

  expect(findings.map(({ id }) => id)).toEqual(['api-missing']);
  expect(text).toContain(String.raw`a\u001b[31m`);
  expect(text).not.toMatch(/[^\P{C}\n\t]/u);
});
