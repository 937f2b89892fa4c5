// Runs the tests of packages/sdk, as npm packs it, in every lane that it supports: SDK 2 on the Node that runs this, SDK 3
// on Node 22 and 24. One line a lane; what a lane printed only when it failed.
//   npm run test:lanes                    all lanes
//   npm run test:lanes -- --only sdk3     the lanes whose name begins so: sdk2, sdk3-node22, sdk3-node24
//   npm run test:lanes -- --json FILE     the counts of all lanes, in the fields of Vitest's JSON reporter
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(fileURLToPath(import.meta.url), '../..');
const island = join(root, 'test/lanes/sdk3');
/** A lane takes 15 s on two cores that nothing else uses. */
const laneTimeoutMs = 240_000;

// `folder` has the node_modules that a lane uses. `stage` lies below it, so that Node finds them from there.
const sdk2 = { folder: root, stage: join(root, 'test/lanes/sdk2/.staged'), otherFolder: island };
const sdk3 = { folder: island, stage: join(island, '.staged'), otherFolder: root };
const lanes = [
  { name: 'sdk2', ...sdk2, program: process.execPath },
  { name: 'sdk3-node22', ...sdk3, program: join(island, 'node_modules/node22/bin/node') },
  { name: 'sdk3-node24', ...sdk3, program: join(island, 'node_modules/node24/bin/node') },
];

const { values: options } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });
const chosen = lanes.filter(({ name }) => name.startsWith(options.only ?? ''));
if (chosen.length === 0) fail(`No lane begins with "${options.only}". There are: ${lanes.map((lane) => lane.name)}.`);

installIsland();
const scratch = mkdtempSync(join(tmpdir(), 'benchlab-lanes-'));
try {
  const tarball = packCore();
  for (const stage of new Set(chosen.map((lane) => lane.stage))) stageTests(stage, tarball);
  const total = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  for (const lane of chosen) {
    const counts = await runLane(lane);
    for (const key of Object.keys(total)) total[key] += counts[key];
  }
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
  console.error('Installing SDK 3 with Node 22 and 24 (npm ci in test/lanes/sdk3, 420 MB) …');
  const started = Date.now();
  // Its engines are not met by Node 20, which only starts the other two.
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], island);
  writeFileSync(stamp, hash);
  console.error(`… done in ${seconds(started)}`);
}

/** The core exactly as it would be published. */
function packCore() {
  run('npm', ['pack', '--silent', '--pack-destination', scratch], join(root, 'packages/sdk'));
  return join(scratch, readdirSync(scratch)[0]);
}

/** The packed core with its tests laid over it, in a copy of the repository as far as tests may read it. */
function stageTests(stage, tarball) {
  rmSync(stage, { recursive: true, force: true });
  const core = join(stage, 'packages/sdk');
  mkdirSync(core, { recursive: true });
  run('tar', ['-xzf', tarball, '-C', core, '--strip-components=1']);
  cpSync(join(root, 'packages/sdk/src'), join(core, 'src'), { recursive: true });
  cpSync(join(root, 'packages/sdk/test'), join(core, 'test'), { recursive: true });
  cpSync(join(root, 'test/lanes/lane.test.ts'), join(stage, 'test/lane.test.ts'));
  cpSync(join(root, 'packages/sdk/tsconfig.json'), join(core, 'tsconfig.json'));
  const options = readFileSync(join(root, 'tsconfig.json'), 'utf8');
  // The other packages are not here.
  writeFileSync(join(stage, 'tsconfig.json'), options.replace(/"references": \[[^\]]*\]/, '"references": []'));
  for (const name of ['docs', 'monitoring']) {
    if (existsSync(join(root, name))) symlinkSync(join(root, name), join(stage, name));
  }
  // As `npm install` of the tarball would have it.
  mkdirSync(join(stage, 'node_modules/@benchlab-otel'), { recursive: true });
  symlinkSync(core, join(stage, 'node_modules/@benchlab-otel/sdk'));
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
  const { code, output } = await watched(program, [vitest, 'run', '--config', config, '--root', stage, ...reporters], {
    cwd: stage,
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

const failed = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0 };

function watched(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output = `${output}${chunk}`.slice(-100_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(() => {
      keep(`\nStopped after ${laneTimeoutMs / 1000} s.\n`);
      child.kill('SIGKILL');
    }, laneTimeoutMs);
    child.on('error', (error) => keep(error.message));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output });
    });
  });
}

function version(folder, name) {
  return JSON.parse(readFileSync(join(folder, `node_modules/@opentelemetry/${name}/package.json`), 'utf8')).version;
}

function run(command, args, cwd = root) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) fail(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ` (exit ${status})`}.`);
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

function fail(message) {
  console.error(`test:lanes: ${message}`);
  process.exit(1);
}
