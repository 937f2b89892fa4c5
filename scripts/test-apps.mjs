// Are the packages good for others? Packs all of them, installs the tarballs in empty projects, and uses them there as
// applications do: the folders of test/applications, every entry point by import and by require, the command, the demo, the
// examples as ES modules and as CommonJS, and the snippets of the READMEs. Nothing of the checkout is seen from there. One line
// for each.
//   npm run test:apps                     all
//   npm run test:apps -- --only jest      the applications whose name begins so
//   npm run test:apps -- --json FILE      the counts, in the fields of Vitest's JSON reporter
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './command.mjs';
import { installIsland, nodeProgram } from './lane-island.mjs';
import { packAll } from './pack.mjs';
import { applications, install, installations, runApplication } from './release/applications.mjs';
import { checkCommands } from './release/commands.mjs';
import { checkEntries } from './release/entries.mjs';
import { runCheckout, runNest, runPlanner, stageExamples } from './release/examples.mjs';
import { checkSnippets } from './release/snippets.mjs';
import { publishedWorkspaces, workspaces } from './workspaces.mjs';

const { values: options } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });
const commandLimitMs = 60_000;
/** Where the packages are used by themselves: in the project of the applications that need no other versions. */
const release = 'release';

const apps = applications().filter(({ name }) => name.startsWith(options.only ?? ''));
if (apps.length === 0) fail(`No application begins with "${options.only}".`);
if (apps.some(({ manifest }) => manifest.nodes?.includes('24'))) installIsland();
const counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
const scratch = mkdtempSync(join(tmpdir(), 'benchlab-apps-'));
const started = Date.now();
try {
  const tarballs = join(scratch, 'tarballs');
  mkdirSync(tarballs);
  const packed = await packAll(tarballs);
  // One installation after the other, because npm uses all cores; what is done with them, as much at once as there are cores.
  const ready = [];
  for (const made of installations(chosen())) ready.push(...(await installed(made, packed)));
  await inParallel(ready);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = counts;
console.log(`test:apps: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds(started)})`);
if (options.json) writeFileSync(options.json, JSON.stringify(counts));
process.exitCode = failed > 0 ? 1 : 0;

function chosen() {
  return options.only === undefined ? [{ name: release, manifest: { dependencies: ofExamples() } }, ...apps] : apps;
}

/** Installs, and returns what there is to do then. Applications that are not installed have failed. */
async function installed({ names, dependencies }, packed) {
  const project = join(scratch, `project-of-${names[0]}`);
  const title = `${Object.keys(dependencies).length} packages are installed for ${names.join(', ')}`;
  const isInstalled = await step(title, () => install(project, dependencies, packed));
  const rows = apps
    .filter(({ name }) => names.includes(name))
    .flatMap((app) =>
      (app.manifest.nodes ?? ['own']).map((node) => async () => {
        const program = node === 'own' ? process.execPath : nodeProgram(node);
        const on = node === 'own' ? '' : `, on Node ${node}`;
        await step(`${app.name}${on}: ${app.manifest.description}`, async () => {
          if (!isInstalled) throw new Error('It was not installed.');
          await runApplication(project, app, { name: node, program });
        });
      }),
    );
  if (!isInstalled) return rows;
  return names.includes(release) ? [...rows, ...usesOf(project)] : rows;
}

/** The packages by themselves. Each element runs on its own. */
function usesOf(project) {
  const good = (command, args, { cwd = project, limitMs = commandLimitMs } = {}) =>
    runGood(command, args, { cwd, limitMs });
  const ofModes = ['esm', 'commonjs'].map((mode) => async () => {
    const isCompiled = await step(`examples compile, ${mode}`, () => stageExamples(project, mode, good));
    if (!isCompiled) return;
    await step(`examples/checkout under the probe, ${mode}`, () => runCheckout(project, mode, good));
    await step(`examples/planner verifies its kernels, ${mode}`, () => runPlanner(project, mode, good));
    await step(`examples/nest answers, ${mode}`, () => runNest(project, mode));
  });
  const checks = [...checkCommands(project), ...checkEntries(project), ...checkSnippets(project)];
  return [
    ...ofModes,
    ...checks.map(
      ({ title, check }) =>
        () =>
          step(title, check),
    ),
  ];
}

/** What the examples need, and every package of ours. */
function ofExamples() {
  const examples = workspaces().filter(({ folder }) => folder.startsWith('examples/'));
  const ours = publishedWorkspaces().map(({ manifest }) => [manifest.name, '*']);
  return {
    ...Object.assign({}, ...examples.map(({ manifest }) => manifest.dependencies)),
    ...Object.fromEntries(ours),
  };
}

async function inParallel(tasks) {
  const waiting = [...tasks];
  const worker = async () => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await task();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/** Runs a command; throws with its output where it fails. */
async function runGood(command, args, settings) {
  const result = await run(command, args, settings);
  if (result.code !== 0)
    throw new Error(`${command} ${args.join(' ')} failed (exit ${result.code}):\n${result.output}`);
  return result;
}

/** A check throws where it fails, and returns a reason where it cannot run. True unless it failed. */
async function step(title, check) {
  const begun = Date.now();
  try {
    const skipped = await check();
    counts[skipped ? 'numPendingTests' : 'numPassedTests']++;
    console.log(skipped ? `skip   ${title}: ${skipped}` : `ok     ${title} (${seconds(begun)})`);
    return true;
  } catch (error) {
    counts.numFailedTests++;
    console.log(`FAILED ${title} (${seconds(begun)})\n${error.message.trimEnd()}`);
    return false;
  }
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function fail(message) {
  console.error(`test:apps: ${message}`);
  process.exit(1);
}
