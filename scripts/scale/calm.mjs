import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../command.mjs';
import { ProofFailure } from './failure.mjs';

const runs = 3;
const busyLoops = 4;
/** Ends with the process that started it, however that ends. */
const busyLoop = 'const parent = process.ppid; while (process.ppid === parent) for (let spin = 0; spin < 1e8; spin++);';
/** Six processes share two cores: three times the five minutes of a quiet machine, and as much again. */
const runLimitMs = 30 * 60_000;

export const proof = {
  name: 'calm',
  what: `\`npm test\` passes ${runs} times in a row next to ${busyLoops} processes that never pause: no test depends on the time that others leave it.`,
  run: async () => {
    const loops = Array.from({ length: busyLoops }, () =>
      spawn(process.execPath, ['--eval', busyLoop], { stdio: 'ignore' }),
    );
    const folder = mkdtempSync(join(tmpdir(), 'benchlab-calm-'));
    const figures = {};
    const failures = [];
    try {
      for (let number = 1; number <= runs; number++) {
        const file = join(folder, `${number}.json`);
        const args = ['test', '--', '--reporter=json', `--outputFile.json=${file}`];
        const { code, output, seconds } = await run('npm', args, { limitMs: runLimitMs });
        const failed = failedTests(file, output);
        if (code !== 0 && failed.length === 0) failed.push(`exit ${code}: ${output.trimEnd().split('\n').at(-1)}`);
        failures.push(...failed.map((name) => `run ${number}: ${name}`));
        figures[`run ${number}`] = `${Math.round(seconds)} s, ${passedTests(file)} passed, ${failed.length} failed`;
      }
    } finally {
      for (const loop of loops) loop.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
    if (failures.length > 0) throw new ProofFailure(failures.join('; '), figures);
    return figures;
  },
};

function passedTests(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).numPassedTests;
  } catch {
    return 'no';
  }
}

function failedTests(file, output) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
      .testResults.flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => fullName);
  } catch {
    return [`no result: ${output.trimEnd().split('\n').at(-1)}`];
  }
}
