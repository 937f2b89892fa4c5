// A proof that is a test file of test/scale: it hands its figures over in a file, a line of JSON each.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../command.mjs';
import { ProofFailure } from './failure.mjs';

/** A run takes at most some ten minutes; this is the bound of a hang. */
const fileLimitMs = 60 * 60_000;

/** A proof whose figures are what the tests of a file record. */
export function fileProof({ name, what, file }) {
  return {
    name,
    what,
    run: async () => {
      const { lines, failures } = await runFile(file);
      const figures = Object.assign({}, ...lines);
      if (failures.length > 0) throw new ProofFailure(failures.join('; '), figures);
      return figures;
    },
  };
}

/** Runs one file. `lines`: what it recorded. `failures`: names of the tests that failed, with the first line of why. */
export async function runFile(file) {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-proof-'));
  const figures = join(folder, 'figures');
  const result = join(folder, 'result.json');
  try {
    const args = ['vitest', 'run', '--project', 'scale', file, '--reporter=json', `--outputFile.json=${result}`];
    const env = { ...process.env, BENCHLAB_FIGURES: figures };
    const { code, output } = await run('npx', args, { limitMs: fileLimitMs, env });
    const failures = failedTests(result);
    if (code !== 0 && failures.length === 0) failures.push(`exit ${code}: ${output.trimEnd().split('\n').at(-1)}`);
    return { lines: linesOf(figures), failures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function linesOf(file) {
  try {
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

function failedTests(file) {
  try {
    const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
    const faults = testResults.flatMap(({ message, assertionResults }) => [
      ...(message ? [message.split('\n')[0]] : []),
      ...assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages: [why = ''] }) => `${fullName}: ${why.split('\n')[0]}`),
    ]);
    return faults;
  } catch {
    return [];
  }
}
