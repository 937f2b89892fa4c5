// Proofs that take too long for every change. A proof is one module in scripts/scale that exports
// `proof = { name, what, run }`; `run` resolves to its figures or throws. docs/proofs.md gets date, commit and figures of
// each run. Exit code 1 when a proof failed. Some need the servers of `npm run stack:install -- scale`.
//   npm run test:scale              all proofs, by name
//   npm run test:scale -- calm      some of them
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { proof as agent } from './scale/agent.mjs';
import { proof as apps } from './scale/apps.mjs';
import { proof as calm } from './scale/calm.mjs';
import { proof as chaos } from './scale/chaos.mjs';
import { proof as checkSpeed } from './scale/check-speed.mjs';
import { proof as compare } from './scale/compare.mjs';
import { proof as dashboards } from './scale/dashboards.mjs';
import { proof as deploy } from './scale/deploy.mjs';
import { proof as energy } from './scale/energy.mjs';
import { proof as energyCpu } from './scale/energy-cpu.mjs';
import { proof as fuzz } from './scale/fuzz.mjs';
import { withRun } from './scale/page.mjs';
import { proof as session } from './scale/session.mjs';
import { image, kafka, kubernetes, s3, thanos } from './scale/stack.mjs';
import { proof as storm } from './scale/storm.mjs';
import { root } from './workspaces.mjs';

const proofs = [
  agent,
  apps,
  calm,
  chaos,
  checkSpeed,
  compare,
  dashboards,
  deploy,
  energy,
  energyCpu,
  fuzz,
  image,
  kafka,
  kubernetes,
  s3,
  session,
  storm,
  thanos,
];
const page = join(root, 'docs/proofs.md');
/** What the proofs write: it does not make a checkout another one. */
const written = ['docs/proofs.md', 'docs/operations/faults.md', 'docs/operations/first-alert.md'];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !proofs.some((proof) => proof.name === name));
if (unknown.length > 0) {
  console.error(`There is no proof "${unknown[0]}". There are: ${proofs.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
for (const proof of proofs.filter(({ name }) => names.length === 0 || names.includes(name))) {
  console.log(`${proof.name}: running …`);
  const commit = await currentCommit();
  const started = Date.now();
  const result = await proof.run().then(
    (figures) => ({ passed: true, figures }),
    (error) => ({ passed: false, figures: error.figures ?? {}, fault: error.message }),
  );
  const seconds = (Date.now() - started) / 1000;
  const date = new Date(started).toISOString().slice(0, 16).replace('T', ' ');
  const run = { ...proof, ...result, seconds, commit, date: `${date} UTC`, machine: machine() };
  // After each proof: one that is stopped loses no other.
  writeFileSync(page, withRun(readPage(), run));
  console.log(`${result.passed ? 'ok    ' : 'FAILED'} ${proof.name} (${Math.round(seconds)} s)`);
  for (const [key, value] of Object.entries(result.figures)) console.log(`       ${key}: ${value}`);
  if (result.passed) continue;
  console.log(`       ${result.fault}`);
  process.exitCode = 1;
}

function readPage() {
  try {
    return readFileSync(page, 'utf8');
  } catch {
    return '';
  }
}

async function currentCommit() {
  const head = await run('git', ['rev-parse', '--short', 'HEAD']);
  if (head.code !== 0) return 'unknown: not a git checkout';
  const changes = await run('git', ['status', '--porcelain', '--', '.', ...written.map((path) => `:!${path}`)]);
  return `${head.output.trim()}${changes.output.trim() === '' ? '' : ' with uncommitted changes'}`;
}

function machine() {
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${gib} GiB, Node ${process.versions.node}`;
}
