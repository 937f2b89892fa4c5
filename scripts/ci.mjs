// What CI runs, on a bare Debian machine with Node, Go and Python: the README's test command, the checks, the probe on an example, the core on both
// SDK lines, the packages in an application, and the tests on the real stack. Each step installs what it needs; its share is
// printed, and the run fails over 60 minutes. Ends with the programs that the machine had to bring. The last line counts the tests; the exit code is 1
// if anything failed.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notBrought } from './ci/programs.mjs';
import { countTests, runStep, summary } from './ci/steps.mjs';
import { root } from './workspaces.mjs';

const minute = 60;
/** For two cores that nothing else uses. The steps together have 58; two are for the installation. */
const totalBudgetSeconds = 60 * minute;

const folder = mkdtempSync(join(tmpdir(), 'benchlab-ci-'));
const file = (name) => join(folder, name);
const vitest = (name) => ['--', '--reporter=default', '--reporter=json', `--outputFile.json=${file(name)}`];
const probe = 'packages/probe-cli/bin/benchlab-probe.mjs';
const steps = [
  // Its time depends on the network: it has the two minutes that the other budgets leave, and as many again.
  { name: 'install and compile', command: process.execPath, args: ['scripts/prepare.mjs'], budgetSeconds: 4 * minute },
  npm('test', 7, vitest('unit.json')),
  npm('check', 1),
  // As a user runs them: the telemetry of real programs, held against their probe.yaml.
  expected('pipeline', [probe, 'cycle', 'examples/pipeline/kernels.yaml']),
  expected('planner', ['examples/planner'], ['--simulate', '--allow-simulated']),
  npm('test:lanes', 3, ['--', '--json', file('lanes.json')]),
  npm('test:apps', 5, ['--', '--json', file('apps.json')]),
  npm('stack:install', 24),
  npm('test:stack', 20, vitest('stack.json')),
];

try {
  process.exitCode = (await runAll()) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function runAll() {
  const log = file('programs');
  writeFileSync(log, '');
  const hook = `--require="${join(root, 'scripts/ci/record-programs.cjs')}"`;
  const env = {
    ...process.env,
    CI_PROGRAMS_LOG: log,
    NODE_OPTIONS: [process.env.NODE_OPTIONS, hook].filter(Boolean).join(' '),
  };
  const results = [];
  for (const step of steps) results.push(await runStep(step, { env }));
  const { lines, isGood } = summary(results, totalBudgetSeconds);
  console.log(['== Time of each step', ...lines].join('\n'));
  const used = [process.execPath, ...readFileSync(log, 'utf8').split('\n')];
  console.log(['== Used, and brought by no script of this repository', ...notBrought(used)].join('\n'));
  const tests = countTests(['unit', 'lanes', 'apps', 'stack'].map((name) => file(`${name}.json`)));
  // A step that failed without a failed test (a check, an install, a budget) still counts as one.
  if (!isGood && tests.failed === 0) tests.failed = 1;
  console.log(`${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`);
  return isGood && tests.failed === 0 && tests.passed > 0;
}

/** An example under the probe. */
function expected(name, program, flags = []) {
  const expect = ['--expect', `examples/${name}/probe.yaml`];
  return {
    name: `benchlab-probe run --expect, ${name}`,
    command: process.execPath,
    args: [probe, 'run', ...flags, ...expect, '--', process.execPath, ...program],
    budgetSeconds: minute / 2,
  };
}

function npm(script, budgetMinutes, args = []) {
  return {
    name: `npm run ${script}`,
    command: 'npm',
    args: ['run', script, ...args],
    budgetSeconds: budgetMinutes * minute,
  };
}
