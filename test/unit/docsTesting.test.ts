import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

// docs/testing.md is what users copy, so it is compiled and run as it stands.
const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/testing.md'), 'utf8');
const files = [...page.matchAll(/^```ts file=(\S+)\n(.*?)^```$/gms)].map(([, name = '', code = '']) => ({
  name,
  code,
}));

let folder: string;
beforeAll(() => {
  // Inside the checkout, so that packages are found; in a folder that git ignores.
  mkdirSync(join(root, '.staged'), { recursive: true });
  folder = mkdtempSync(join(root, '.staged/docs-'));
  for (const { name, code } of files) writeFileSync(join(folder, name), code);
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023'],
    module: 'nodenext',
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    customConditions: ['@benchlab-otel/source'],
    skipLibCheck: true,
    types: ['node'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const conditions = JSON.stringify(['@benchlab-otel/source', 'node']);
  writeFileSync(
    join(folder, 'vitest.config.mjs'),
    `export default { resolve: { conditions: ${conditions} }, ssr: { resolve: { conditions: ${conditions} } } };`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(program: string, ...args: string[]): { code: number | null; output: string } {
  const env = { ...process.env, NO_COLOR: '1' };
  const done = spawnSync(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { code: done.status, output: done.stdout + done.stderr };
}

test('the page on testing has code to try', () => {
  expect(files.map(({ name }) => name)).toEqual(['checkout.ts', 'checkout.test.ts', 'energy.test.ts']);
});

test('the code of the page compiles', () => {
  expect(run('typescript/bin/tsc', '-p', '.')).toEqual({ code: 0, output: '' });
}, 60_000);

test('the tests of the page pass', () => {
  const { code, output } = run('vitest/vitest.mjs', 'run', '--root', '.');
  expect(output).toMatch(/Tests\s+5 passed/);
  expect(code).toBe(0);
}, 60_000);
