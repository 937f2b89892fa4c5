import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compileSnippets } from '../../scripts/release/snippets.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');

let folder: string;
beforeEach(() => {
  // Inside the checkout, so that packages are found; in a folder that git ignores.
  mkdirSync(join(root, '.staged'), { recursive: true });
  folder = mkdtempSync(join(root, '.staged/snippets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a snippet may use what it does not define', async () => {
  const snippet = `import { withSpan } from '@benchlab-otel/sdk';
class Shop { run(cart: Cart) { return withSpan('price', () => this.price(cart)); } }
`;
  await expect(compileSnippets(folder, [snippet], tsc)).resolves.toBeUndefined();
}, 60_000);

test('an import that is gone, an option of another name, a package that is not there and broken syntax are faults, each in its snippet', async () => {
  const snippets = [
    `import { gone } from '@benchlab-otel/sdk';\ngone();\n`,
    `import { startTelemetry } from '@benchlab-otel/node';\nawait startTelemetry({ serviceName: 'a', sercive: 1 });\n`,
    `import { withSpan } from '@benchlab-otel/missing';\nwithSpan();\n`,
  ];
  const fault = await compileSnippets(folder, snippets, tsc).catch(({ message }) => message);

  expect(fault).toMatch(/snippet-1\.ts.* TS2305: .*'gone'/);
  expect(fault).toMatch(/snippet-2\.ts.* TS2353: .*'sercive'/);
  expect(fault).toMatch(/snippet-3\.ts.* TS2307: /);
  await expect(compileSnippets(folder, ['const a = ;\n'], tsc)).rejects.toThrow(/snippet-1\.ts.* TS1109/);
}, 60_000);
