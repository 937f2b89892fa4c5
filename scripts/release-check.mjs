// Are the packages good for others? Packs all of them, installs the tarballs in an empty project, and uses them there as an
// application does: every entry point by import and by require, the command, the demo, the examples as ES modules and as
// CommonJS, and the snippets of the READMEs. Nothing of the checkout is seen from there. One line for each.
//   npm run release:check [-- --json FILE]     the counts, in the fields of Vitest's JSON reporter
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './command.mjs';
import { packAll } from './pack.mjs';
import { checkEntries } from './release/entries.mjs';
import { runCheckout, runNest, stageExamples } from './release/examples.mjs';
import { checkSnippets } from './release/snippets.mjs';
import { root, workspaces } from './workspaces.mjs';

const { values: options } = parseArgs({ options: { json: { type: 'string' } } });
/** An installation from a cold cache takes a minute. */
const installLimitMs = 240_000;
const commandLimitMs = 60_000;

const counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
const project = mkdtempSync(join(tmpdir(), 'benchlab-release-'));
try {
  const isInstalled = await step('all packages are packed and installed in an empty project', install);
  if (isInstalled) await useThem();
} finally {
  rmSync(project, { recursive: true, force: true });
}
const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = counts;
console.log(`release:check: ${passed} passed, ${failed} failed, ${skipped} skipped`);
if (options.json) writeFileSync(options.json, JSON.stringify(counts));
process.exitCode = failed > 0 ? 1 : 0;

async function useThem() {
  for (const { title, check } of checkEntries(project)) await step(title, check);
  await step('npx benchlab-probe --help', async () => {
    const { output } = await good('npx', ['--no-install', 'benchlab-probe', '--help']);
    if (!output.includes('Usage:')) throw new Error(`The help has no usage:\n${output}`);
  });
  await step('npx benchlab-probe demo', async () => {
    const args = ['--no-install', 'benchlab-probe', 'demo', '--for', '4s', '--metrics-port', '0'];
    const { code, output } = await run('npx', args, { cwd: project, limitMs: commandLimitMs });
    if (code !== 0) throw new Error(`exit ${code}:\n${output}`);
    return undefined;
  });
  for (const mode of ['esm', 'commonjs']) {
    const isCompiled = await step(`examples compile, ${mode}`, () => stageExamples(project, mode, good));
    if (!isCompiled) continue;
    await step(`examples/checkout under the probe, ${mode}`, () => runCheckout(project, mode, good));
    await step(`examples/nest answers, ${mode}`, () => runNest(project, mode));
  }
  for (const { title, check } of checkSnippets(project)) await step(title, check);
}

async function install() {
  const tarballs = join(project, 'tarballs');
  mkdirSync(tarballs);
  const ours = await packAll(tarballs);
  const development = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies;
  const examples = workspaces().filter(({ folder }) => folder.startsWith('examples/'));
  const dependencies = {
    ...Object.assign({}, ...examples.map(({ manifest }) => manifest.dependencies)),
    '@opentelemetry/api': development['@opentelemetry/api'],
    '@types/node': development['@types/node'],
    typescript: development.typescript,
    ...Object.fromEntries([...ours].map(([name, file]) => [name, `file:${file}`])),
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'application', private: true, dependencies }));
  const args = ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await good('npm', args, { limitMs: installLimitMs });
  const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
  for (const [path, { resolved = '' }] of Object.entries(packages)) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (ours.has(name) && !resolved.startsWith('file:')) throw new Error(`${path} was not installed from its tarball.`);
  }
}

/** Runs a command in the project; throws with its output where it fails. */
async function good(command, args, { cwd = project, limitMs = commandLimitMs } = {}) {
  const result = await run(command, args, { cwd, limitMs });
  if (result.code !== 0)
    throw new Error(`${command} ${args.join(' ')} failed (exit ${result.code}):\n${result.output}`);
  return result;
}

/** A check throws where it fails, and returns a reason where it cannot run. True unless it failed. */
async function step(title, check) {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  try {
    const skipped = await check();
    counts[skipped ? 'numPendingTests' : 'numPassedTests']++;
    console.log(skipped ? `skip   ${title}: ${skipped}` : `ok     ${title} (${seconds()})`);
    return true;
  } catch (error) {
    counts.numFailedTests++;
    console.log(`FAILED ${title} (${seconds()})\n${error.message.trimEnd()}`);
    return false;
  }
}
