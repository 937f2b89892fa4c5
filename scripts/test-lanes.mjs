// Runs the tests of packages/sdk, as npm packs it, in every lane that it supports: SDK 2 on the Node that runs this, SDK 3
// on Node 22 and 24. One line a lane; what a lane printed only when it failed.
//   npm run test:lanes                    all lanes
//   npm run test:lanes -- --only sdk3     the lanes whose name begins so: sdk2, sdk3-node22, sdk3-node24
//   npm run test:lanes -- --json FILE     the counts of all lanes, in the fields of Vitest's JSON reporter
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './command.mjs';
import { makeStage, packPackages, run as required } from './lane-stage.mjs';
import { root } from './workspaces.mjs';

const island = join(root, 'test/lanes/sdk3');
/** A lane takes 15 s on two cores that nothing else uses. */
const limitMs = 240_000;

// `folder` has the node_modules that a lane uses. `stage` lies below it, so that Node finds them from there.
const sdk2 = { folder: root, stage: join(root, 'test/lanes/sdk2/.staged'), otherFolder: island };
const sdk3 = { folder: island, stage: join(island, '.staged'), otherFolder: root };
const lanes = [
  { name: 'sdk2', ...sdk2, program: process.execPath },
  { name: 'sdk3-node22', ...sdk3, program: join(island, 'node_modules/node22/bin/node') },
  { name: 'sdk3-node24', ...sdk3, program: join(island, 'node_modules/node24/bin/node') },
];

/** The oldest that the types are for, the last that is written in TypeScript, and that of this repository. */
const compilers = [
  join(island, 'node_modules/typescript54'),
  join(island, 'node_modules/typescript59'),
  join(root, 'node_modules/typescript'),
];

const { values: options } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });
const chosen = lanes.filter(({ name }) => name.startsWith(options.only ?? ''));
if (chosen.length === 0) fail(`No lane begins with "${options.only}". There are: ${lanes.map((lane) => lane.name)}.`);

/** The counts of a lane that did not start. */
const failed = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0 };

installIsland();
const scratch = mkdtempSync(join(tmpdir(), 'benchlab-lanes-'));
try {
  const packed = await packPackages(scratch);
  const stages = new Set(chosen.map((lane) => lane.stage));
  for (const stage of stages) makeStage(stage, packed);
  const total = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  for (const lane of chosen) add(total, await runLane(lane));
  for (const stage of stages) for (const compiler of compilers) add(total, await checkTypes(stage, compiler));
  if (options.json) writeFileSync(options.json, JSON.stringify(total));
  if (total.numFailedTests > 0) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function installIsland() {
  const stamp = join(island, 'node_modules/.benchlab-lock-hash');
  const lock = readFileSync(join(island, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  console.error('Installing SDK 3 with Node 22 and 24 (npm ci in test/lanes/sdk3, 450 MB) …');
  const started = Date.now();
  // Its engines are not met by Node 20, which only starts the other two.
  required('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], island);
  writeFileSync(stamp, hash);
  console.error(`… done in ${seconds(started)}`);
}

async function checkTypes(stage, compiler) {
  const started = Date.now();
  const tsc = join(compiler, 'bin/tsc');
  const results = [];
  for (const mode of ['std', 'legacy'])
    results.push(await run(process.execPath, [tsc, '-p', join(stage, 'types', mode)], { cwd: stage, limitMs }));
  const isGood = results.every(({ code }) => code === 0);
  if (!isGood) console.log(results.map(({ output }) => output).join(''));
  const { folder } = lanes.find((lane) => lane.stage === stage);
  const title = `TypeScript ${packageVersion(compiler)}, API ${version(folder, 'api')}`;
  console.log(`${isGood ? 'ok    ' : 'FAILED'} types: ${title}, both decorator modes (${seconds(started)})`);
  return { ...failed, numPassedTests: isGood ? 1 : 0, numFailedTests: isGood ? 0 : 1 };
}

async function runLane({ name, folder, stage, otherFolder, program }) {
  const started = Date.now();
  const node = spawnSync(program, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout?.trim();
  if (!node) {
    console.log(`FAILED ${name}: ${program} does not run. Its npm package is for Linux on x64.`);
    return failed;
  }
  const lane = { node, sdk: version(folder, 'sdk-metrics'), api: version(folder, 'api'), stage, folder, otherFolder };
  const report = join(scratch, `${name}.json`);
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs');
  const config = join(root, 'test/lanes/vitest.config.mjs');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  const { code, output } = await run(program, [vitest, 'run', '--config', config, '--root', stage, ...reporters], {
    cwd: stage,
    limitMs,
    env: { ...process.env, BENCHLAB_LANE: JSON.stringify(lane), NO_COLOR: '1' },
  });
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : failed;
  // An error outside of any test fails the run without a failed test.
  if (code !== 0 && counts.numFailedTests === 0) counts.numFailedTests = 1;
  const isGood = counts.numFailedTests === 0 && counts.numPassedTests > 0;
  if (!isGood) console.log(output);
  const title = `Node ${node}, SDK ${lane.sdk}, API ${lane.api}`;
  const { numPassedTests: passed, numFailedTests, numPendingTests: skipped } = counts;
  console.log(
    `${isGood ? 'ok    ' : 'FAILED'} ${name}: ${title}: ${passed} passed, ${numFailedTests} failed, ${skipped} skipped (${seconds(started)})`,
  );
  return counts;
}

function version(folder, name) {
  return packageVersion(join(folder, 'node_modules/@opentelemetry', name));
}

function packageVersion(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}

function add(total, counts) {
  for (const key of Object.keys(total)) total[key] += counts[key];
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

function fail(message) {
  console.error(`test:lanes: ${message}`);
  process.exit(1);
}
