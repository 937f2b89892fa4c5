import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { goParts } from '../../scripts/stack-parts.mjs';
import { installed } from './process.ts';
import { rulesFolder } from './prometheus.ts';

const run = promisify(execFile);
const tests = fileURLToPath(new URL('../../collector-config/prometheus/tests', import.meta.url));
const files = readdirSync(rulesFolder).map((file) => join(rulesFolder, file));
const cases = readdirSync(tests).map((file) => join(tests, file));
/** Prometheus 3, and 2.42 where it is installed: Debian 12 has that one. */
const programs = [
  'promtool',
  ...goParts.flatMap(({ binaries }) => binaries.filter((name: string) => name === 'promtool-2')),
];

test.each(programs)('%s accepts every rule without a finding', async (program) => {
  const { stdout } = await run(installed(program), ['check', 'rules', '--lint=all', '--lint-fatal', ...files]);

  expect(stdout.match(/SUCCESS/g)).toHaveLength(files.length);
});

test.each(cases.flatMap((file) => programs.map((program) => [program, file.slice(tests.length + 1), file] as const)))(
  '%s runs %s: every alert fires, is quiet, flaps and is absent as stated',
  async (program, _, file) => {
    await expect(run(installed(program), ['test', 'rules', file])).resolves.toMatchObject({
      stdout: expect.stringContaining('SUCCESS'),
    });
  },
);

test('promtool finds an alert that does not fire', async () => {
  const broken = readFileSync(join(tests, 'network.test.yml'), 'utf8').replaceAll('../rules', rulesFolder);
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-rules-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'network.test.yml');
  await writeFile(path, broken.replace(/values: ["']0\+50x\d+["']/, 'values: 0+0x72'));

  await expect(run(installed('promtool'), ['test', 'rules', path])).rejects.toThrow('NetworkErrors');
});
