import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// The READMEs are what npm shows, so their examples are compiled and run as they stand, on the built packages.
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the examples of a package print, one text for each block of code. */
const printed: Readonly<Record<string, readonly RegExp[]>> = {
  core: [/^\[ 'My meter' \]\nhw_power_watts\n$/, /^\d{2,}\n$/],
  sdk: [/^20\n$/],
  lint: [
    /^agent\.yaml:2 yaml-duplicate-key: The key .*\n$/,
    /^hw_power_watts is a gauge, and is inside rate\(\) or increase\(\)\.\n$/,
    /^series-unknown: Panel 1 "", query number 1: No program is known to serve hw_power_wats\.$/m,
  ],
  presets: [/^lowered\n$/, /^healthy undefined undefined\n$/m],
};

let folder: string;
beforeAll(() => {
  // Inside the checkout, so that packages are found; in a folder that git ignores.
  mkdirSync(join(root, '.staged'), { recursive: true });
  folder = mkdtempSync(join(root, '.staged/readmes-'));
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    outDir: 'out',
    rootDir: '.',
    skipLibCheck: true,
    types: ['node'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const name of Object.keys(printed)) {
    for (const [i, code] of blocksOf(name).entries()) writeFileSync(join(folder, `${name}${i}.ts`), code);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function blocksOf(name: string): readonly string[] {
  const page = readFileSync(join(root, 'packages', name, 'README.md'), 'utf8');
  return [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

function run(...args: readonly string[]): { code: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

test('the examples of the READMEs compile', () => {
  const { code, stdout } = run(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.');
  expect(stdout).toBe('');
  expect(code).toBe(0);
}, 60_000);

describe.each(Object.entries(printed))('the README of %s', (name, texts) => {
  test('has examples that print what it states', () => {
    expect(blocksOf(name)).toHaveLength(texts.length);
    for (const [i, text] of texts.entries()) {
      const { code, stdout, stderr } = run(`out/${name}${i}.js`);
      expect(stdout, stderr).toMatch(text);
      expect(code).toBe(0);
    }
  }, 60_000);
});
