// Every check that is not a test: format and lint, types, unused code, what the packages publish, generated files.
// Runs all of them and says for each whether it passed; exit code 1 when one did not.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules/.bin', name);
const tsc59 = join(root, 'node_modules/typescript59/bin/tsc');

const packages = readdirSync(join(root, 'packages')).map((folder) => `packages/${folder}`);
const checks = [
  ['format and lint', bin('biome'), ['ci', '--error-on-warnings', '--colors=off']],
  ['types', bin('tsc'), ['-b']],
  ['types of tests', bin('tsc'), ['-p', 'test']],
  ['types of tests, standard decorators', bin('tsc'), ['-p', 'packages/sdk/test/std']],
  ['types of tests, legacy decorators', bin('tsc'), ['-p', 'packages/sdk/test/legacy']],
  // The decorators' types are tested with the compiler that many users still have, too.
  ['types of tests, standard decorators, TypeScript 5.9', process.execPath, [tsc59, '-p', 'packages/sdk/test/std']],
  ['types of tests, legacy decorators, TypeScript 5.9', process.execPath, [tsc59, '-p', 'packages/sdk/test/legacy']],
  ['unused files, exports, dependencies', bin('knip'), []],
  ['size of the decorators', bin('vitest'), ['run', '--project', 'std', 'packages/sdk/test/std/size.test.ts']],
  ['dashboards are rendered', process.execPath, ['monitoring/dist/render.js', '--check']],
  ['data contracts are rendered', process.execPath, ['monitoring/dist/contracts/render.js', '--check']],
  ['collector distribution matches its manifest', process.execPath, ['scripts/check-distribution.mjs']],
  ...packages.map((folder) => [`${folder}: publint`, bin('publint'), ['--strict', folder]]),
  ...packages.map((folder) => [`${folder}: types as published`, 'attw', [folder]]),
];

let failed = 0;
for (const [title, command, args] of checks) {
  const started = Date.now();
  const { code, output } = command === 'attw' ? await typesAsPublished(args[0]) : await run(command, args);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (code !== 0) {
    failed++;
    console.log(output.trimEnd());
  }
}
console.log(failed === 0 ? `All ${checks.length} checks passed.` : `${failed} of ${checks.length} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;

/** attw judges the tarball, so the package is packed first. */
async function typesAsPublished(folder) {
  const into = mkdtempSync(join(tmpdir(), 'benchlab-pack-'));
  try {
    const packed = await run('npm', ['pack', '--silent', '--pack-destination', into], join(root, folder));
    const tarball = readdirSync(into)[0];
    if (packed.code !== 0 || tarball === undefined) return { ...packed, code: 1 };
    return await run(bin('attw'), ['--profile', 'esm-only', '--no-emoji', join(into, tarball)]);
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
}

function run(command, args, cwd = root) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
