import { readFileSync } from 'node:fs';
import { judgeExpectations } from '@benchlab-otel/analysis';
import { expect, it } from 'vitest';
import { expectPageRegion } from '../../../analysis/src/energy/pageRegion.suite.ts';
import { mutants } from './mutants.suite.ts';
import { parseProbeFile } from './parseProbeFile.ts';
import { pipelineRun } from './pipelineRun.suite.ts';

const path = 'cases/pipeline.yaml';
const parsed = parseProbeFile(path, readFileSync(new URL(path, import.meta.url)));
const expectations = 'file' in parsed ? parsed.file.expectations : undefined;

function judged(change: (run: ReturnType<typeof pipelineRun>) => void = () => undefined) {
  if (expectations === undefined) throw new Error(JSON.stringify(parsed));
  const run = pipelineRun();
  change(run);
  return judgeExpectations(expectations, run);
}

it('a good run of the pipeline passes every expectation', () => {
  expect(judged().filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  expect(judged()).toHaveLength(16);
});

it.each(mutants)('finds: $change', ({ apply, judgement, reason }) => {
  const found = judged(apply).find(({ name }) => name.startsWith(judgement));

  expect(found?.outcome).not.toBe('pass');
  expect(found?.reason).toContain(reason);
});

it('finds each of at least 60 mutants with a message of its own, which the page lists', async () => {
  const reasons = mutants.map(({ apply, judgement }) => {
    const found = judged(apply).find(({ name }) => name.startsWith(judgement));
    return { name: found?.name, outcome: found?.outcome, reason: found?.reason ?? '' };
  });

  expect(mutants.length).toBeGreaterThanOrEqual(60);
  expect(new Set(reasons.map(({ name, reason }) => `${name} ${reason}`)).size).toBe(mutants.length);
  await expectPageRegion('presence.md', 'mutants', [
    '',
    '| change to a good run | expectation | outcome | what the probe states |',
    '| --- | --- | --- | --- |',
    ...mutants.map(({ change }, index) => {
      const { name = '', outcome, reason = '' } = reasons[index] ?? {};
      return `| ${cell(change)} | \`${cell(name)}\` | ${outcome} | ${cell(reason)} |`;
    }),
    '',
  ]);
});

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*');
}
