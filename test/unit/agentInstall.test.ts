// What an application installs that only wants the samples of an agent: packed, installed from the tarballs, and started.
import { execFile } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'benchlab-install-'));
const run = promisify(execFile);
/** Packing and installing takes some three seconds; a machine that does other work needs more. */
const patienceMs = 120_000;

beforeAll(async () => {
  await run('npm', ['pack', '--silent', '--pack-destination', folder, './packages/core', './packages/wire'], {
    cwd: root,
  });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }));
  const tarballs = readdirSync(folder).flatMap((file) => (file.endsWith('.tgz') ? [`./${file}`] : []));
  const quiet = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  await run('npm', ['install', ...quiet, ...tarballs], { cwd: folder });
}, patienceMs);
afterAll(() => rmSync(folder, { recursive: true }));

const program = `
  const before = performance.now();
  const { agentReceiver } = await import('@benchlab-otel/wire');
  const importMs = performance.now() - before;
  const receiver = agentReceiver({ path: ${JSON.stringify(join(folder, 'no-agent.sock'))} });
  const outcome = await new Promise((resolve) => {
    receiver.start({ sample() {}, lost() {}, polled: (report) => resolve(report.error?.code) });
  });
  await receiver.stop();
  console.log(JSON.stringify({ importMs, outcome }));
`;

it('an application with agentReceiver() installs core, wire and the OpenTelemetry API, and nothing that is native', async () => {
  const packages = packagesIn(join(folder, 'node_modules'));
  const files = filesIn(join(folder, 'node_modules'));
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: folder });
  const { importMs, outcome } = JSON.parse(stdout);
  const bytes = files.reduce((sum, path) => sum + lstatSync(path).size, 0);
  console.log(`${packages.length} packages, ${(bytes / 1e6).toFixed(1)} MB, ${importMs.toFixed(0)} ms to import`);

  expect(packages).toEqual(['@benchlab-otel/core', '@benchlab-otel/wire', '@opentelemetry/api']);
  expect(files.filter((path) => path.endsWith('.node'))).toEqual([]);
  expect(files.filter((path) => /\.(test|suite)\.ts$/.test(path))).toEqual([]);
  expect(outcome).toBe('NO_DEVICE');
});

function packagesIn(modules: string): string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((each) => `${name}/${each}`) : [name],
    )
    .sort();
}

function filesIn(within: string): string[] {
  return readdirSync(within, { withFileTypes: true }).flatMap((entry) => {
    const path = join(within, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}
