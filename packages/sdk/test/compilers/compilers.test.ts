import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform as swc } from '@swc/core';
import { transform as esbuild } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The same decorated classes through every compiler that users have, each in both modes; plain Node runs the output
// against the compiled package, in a process of its own, as an application would.
const here = fileURLToPath(new URL('.', import.meta.url));
const fixtures = `${here}fixtures/`;
const run = promisify(execFile);
const require = createRequire(import.meta.url);
type Mode = 'standard' | 'legacy';

/** Next to the fixtures, so that the output finds the packages. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(`${here}.compiled-`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sources = (mode: Mode) => (mode === 'standard' ? ['shop', 'standard'] : ['shop']);

async function typescript(name: string, into: string, mode: Mode): Promise<void> {
  const tsconfig = {
    extends: '../../tsconfig.fixtures.json',
    compilerOptions: { outDir: '.', rootDir: fixtures, experimentalDecorators: mode === 'legacy' },
    files: sources(mode).map((source) => `${fixtures}${source}.ts`),
  };
  writeFileSync(`${into}/tsconfig.json`, JSON.stringify(tsconfig));
  const tsc = require.resolve(`${name}/package.json`).replace('package.json', 'bin/tsc');
  await run(process.execPath, [tsc, '-p', into]);
}

async function each(into: string, mode: Mode, compile: (code: string) => Promise<{ code: string }>): Promise<void> {
  for (const source of sources(mode)) {
    const { code } = await compile(readFileSync(`${fixtures}${source}.ts`, 'utf8'));
    writeFileSync(`${into}/${source}.js`, code);
  }
}

const compilers: Record<string, (into: string, mode: Mode) => Promise<void>> = {
  'tsc 5.9': (into, mode) => typescript('typescript59', into, mode),
  'tsc 7': (into, mode) => typescript('typescript', into, mode),
  esbuild: (into, mode) =>
    each(into, mode, (code) =>
      esbuild(code, {
        loader: 'ts',
        target: 'es2022',
        tsconfigRaw: { compilerOptions: { experimentalDecorators: mode === 'legacy' } },
      }),
    ),
  // As tsx runs it. A class with decorators gets its name after their initializers.
  'esbuild, names kept': (into, mode) =>
    each(into, mode, (code) =>
      esbuild(code, {
        loader: 'ts',
        target: 'es2022',
        keepNames: true,
        tsconfigRaw: { compilerOptions: { experimentalDecorators: mode === 'legacy' } },
      }),
    ),
  swc: (into, mode) =>
    each(into, mode, (code) =>
      swc(code, {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: mode === 'legacy' ? { legacyDecorator: true } : { decoratorVersion: '2022-03' },
        },
        module: { type: 'es6' },
      }),
    ),
};

const results: unknown[] = ['shop of base', 'base', 1, 2, [1, 2], 3, 4, 'threw undefined', 'threw null', '#7', 1, 2];
results.push('symbol', 'open', 'sold', 'base', 'sync', 1, [], 'no span');
const spans = ['Base.deep', 'Shop.deep', 'Base.deep', 'Shop.sync', 'Shop.promised', 'Shop.rows', 'Shop.stream'];
spans.push('shop.fails', 'shop.fails error _OTHER', 'Shop.captured   7 #7', 'Shop.level');
const points = ['benchlab.call.duration 2', 'benchlab.calls 1'];
const expected = {
  standard: {
    results: [...results, 5, true, 'hidden 0.5'],
    points,
    // Standard decorators mark the getter alone; legacy ones have the setter with it.
    spans: [...spans, 'Shop.level', 'Shop.[key]', 'Shop.open', 'Kiosk.sell', 'Base.deep'].concat([
      'Vault.level',
      'Vault.level',
      'Vault.open',
      'Vault.#hidden',
      'Vault.#half',
    ]),
  },
  legacy: {
    results,
    points,
    spans: [...spans, 'Shop.level', 'Shop.level', 'Shop.[key]', 'Shop.open', 'Kiosk.sell', 'Base.deep'],
  },
};

const cases = Object.keys(compilers).flatMap((name) => [[name, 'standard'] as const, [name, 'legacy'] as const]);

test.each(cases)(
  'compiled by %s with %s decorators the classes work',
  async (name, mode) => {
    const into = mkdtempSync(`${folder}/out-`);
    writeFileSync(`${into}/package.json`, '{"type":"module"}');
    await compilers[name]?.(into, mode);
    const { stdout } = await run(process.execPath, [`${fixtures}check.mjs`, into, mode]);
    expect(JSON.parse(stdout)).toEqual(expected[mode]);
  },
  60_000,
);
