// Real comparisons of a program with itself, and with a baseline that does 5 % less work, on this machine.
//   npm run test:scale -- compare
//   node scripts/scale/compare.mjs [--comparisons 20] [--max-pairs 60]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../command.mjs';
import { root } from '../workspaces.mjs';
import { ProofFailure } from './failure.mjs';

const comparisons = 20;
/** The default of the command. */
const mostPairs = 60;
/** Of 20 with itself one at most, and of 20 at +5 % all but one. */
const [mostFalse, leastCaught] = [1 / 20, 19 / 20];
const bin = join(root, 'packages/probe-cli/bin/benchlab-probe.mjs');
const work = new URL('./compare/work.mjs', import.meta.url).pathname;
const limitMs = 20 * 60_000;

export const proof = {
  name: 'compare',
  what: `${comparisons} comparisons of a program with itself, and ${comparisons} with a baseline that does 5 % less work in each call, by \`benchlab-probe run --baseline-cmd\` with \`--budget 'p95(work) < baseline'\` and up to ${mostPairs} pairs of runs of half a second: at most one of the first fails, and at least 19 of the others do. On a machine that nothing else uses.`,
  run: () => prove({ count: comparisons, maxPairs: mostPairs }),
};

/** @param {{ count: number, maxPairs: number }} options */
async function prove({ count, maxPairs }) {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-compare-'));
  try {
    const [same, worse] = [[], []];
    // In turns, so that both see the same machine.
    for (let k = 0; k < count; k++) {
      same.push(await compared(1, maxPairs, folder));
      worse.push(await compared(1.05, maxPairs, folder));
    }
    const figures = { 'with itself': summary(same), '+5 %': summary(worse), ...noise([...same, ...worse]) };
    const faults = [
      ...(failures(same) > mostFalse * count ? [`${failures(same)} of ${count} comparisons with itself failed`] : []),
      ...(failures(worse) < leastCaught * count ? [`+5 % was caught in ${failures(worse)} of ${count}`] : []),
    ];
    if (faults.length > 0) throw new ProofFailure(faults.join('; '), figures);
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One comparison of a candidate that does `factor` times the work of its baseline. */
async function compared(factor, maxPairs, folder) {
  const file = join(folder, 'result.json');
  const { code, output, seconds } = await run(
    process.execPath,
    [
      ...[bin, 'run', '--baseline-cmd', `'${process.execPath}' '${work}' 1`, '--budget', 'p95(work) < baseline'],
      ...['--max-pairs', String(maxPairs), '--json', file, '--', process.execPath, work, String(factor)],
    ],
    { limitMs },
  );
  if (![0, 98, 99].includes(code)) throw new Error(`exit ${code}: ${output.trimEnd().split('\n').at(-1)}`);
  const { comparison } = JSON.parse(readFileSync(file, 'utf8'));
  const [budget] = comparison.budgets;
  const durations = comparison.runs.map(({ durationSeconds }) => durationSeconds);
  return { verdict: budget.verdict, pairs: comparison.pairs, ratio: budget.ratio, seconds, budget, durations };
}

function failures(results) {
  return results.filter(({ verdict }) => verdict === 'fail').length;
}

function summary(results) {
  const of = (verdict) => results.filter((result) => result.verdict === verdict).length;
  const pairs = results.map(({ pairs }) => pairs).sort((a, b) => a - b);
  const ratios = results.map(({ ratio }) => ratio).sort((a, b) => a - b);
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0) / results.length;
  return (
    `${of('fail')} failed, ${of('pass')} passed, ${of('inconclusive')} undecided; ` +
    `pairs median ${pairs[pairs.length >> 1]}, most ${pairs.at(-1)}; ` +
    `ratio ${ratios[0].toFixed(3)} to ${ratios.at(-1).toFixed(3)}; ${seconds.toFixed(0)} s each`
  );
}

/** How long the runs took, and which change the comparisons would have caught on the noise that they saw. */
function noise(results) {
  const detectable = results.flatMap(({ budget }) => budget.detectableRatio ?? []).sort((a, b) => a - b);
  const longest = Math.max(...results.flatMap(({ durations }) => durations));
  return {
    'longest run': `${longest.toFixed(2)} s`,
    'change that would be caught, median':
      detectable.length === 0 ? 'not known' : `+${(100 * (detectable[detectable.length >> 1] - 1)).toFixed(1)} %`,
  };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { values } = parseArgs({
    options: {
      comparisons: { type: 'string', default: String(comparisons) },
      'max-pairs': { type: 'string', default: String(mostPairs) },
    },
  });
  const shown = (figures) => {
    for (const [key, value] of Object.entries(figures)) console.log(`${key}: ${value}`);
  };
  await prove({ count: Number(values.comparisons), maxPairs: Number(values['max-pairs']) }).then(shown, (error) => {
    shown(error.figures ?? {});
    console.error(error.message);
    process.exitCode = 1;
  });
}
