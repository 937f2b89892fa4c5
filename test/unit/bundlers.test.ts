import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

// The configurations of docs/bundlers.md whose bundlers are installed here. test/applications/bundlers runs all of them.
const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
beforeEach(() => {
  // Inside the checkout, so that packages are found; in a folder that git ignores.
  mkdirSync(join(root, '.staged'), { recursive: true });
  folder = mkdtempSync(join(root, '.staged/bundlers-'));
  cpSync(join(root, 'examples/bundlers'), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The names that the series of the two classes have. */
function namesBy(...commands: readonly (readonly string[])[]): readonly string[] {
  let output = '';
  for (const args of commands) {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    output = stdout;
  }
  return [...output.matchAll(/code_function_name="([^"]+)"/g)].map(([, name = '']) => name);
}

test('esbuild keeps the names of classes with keepNames, and loses them without it', () => {
  expect(namesBy(['esbuild.mjs'], ['dist/shop.mjs'])).toEqual(['Orders.run', 'Users.run']);

  const configuration = join(folder, 'esbuild.mjs');
  writeFileSync(configuration, readFileSync(configuration, 'utf8').replace('keepNames: true', 'keepNames: false'));
  expect(namesBy(['esbuild.mjs'], ['dist/shop.mjs'])).not.toContain('Orders.run');
}, 60_000);

test('Vite keeps the names of classes', () => {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  expect(namesBy([vite, 'build', '--logLevel', 'warn'], ['dist/shop.js'])).toEqual(['Orders.run', 'Users.run']);
}, 60_000);
