// What storing an artifact costs: 1 GB of a build's output through the store (masked by the patterns of credentials, hashed, written,
// synced), next to `sha256sum` of the same file. Each in a process of its own, in turn. The bars: half of the throughput of sha256sum,
// and 100 MB of memory.

import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { artifactStore } from '../packages/enrichers/dist/index.js';
import { quantile, round, shuffled } from './interleave.mjs';
import { report } from './report.mjs';

const rounds = 5;
const sizeBytes = 1e9;

if (process.argv[2] === 'store') await store(process.argv[3], process.argv[4]);
else compare();

function compare() {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-artifacts-bench-'));
  try {
    const file = join(folder, 'output');
    writeOutput(file);
    const variants = {
      sha256sum: () => run('sha256sum', [file]),
      'artifactStore, stream': () => run(process.execPath, [fileURLToPath(import.meta.url), 'store', file, folder]),
    };
    const taken = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
    for (let k = 0; k < rounds; k++) {
      for (const name of shuffled(Object.keys(variants))) taken[name].push(variants[name]());
    }
    const rows = Object.entries(taken).map(([variant, runs]) => {
      const wall = quantile(
        runs.map(({ seconds }) => seconds),
        0.5,
      );
      const base = quantile(
        taken.sha256sum.map(({ seconds }) => seconds),
        0.5,
      );
      const peak = runs.flatMap(({ output }) => JSON.parse(/\{.*\}/.exec(output)?.[0] ?? '{}').maxRssMb ?? []);
      return {
        variant,
        'MB/s': round(sizeBytes / 1e6 / wall),
        'throughput, of sha256sum': round(base / wall),
        'peak RSS, MB': peak.length === 0 ? '' : round(Math.max(...peak)),
      };
    });
    report('1 GB of output stored', rows, 'throughput, of sha256sum');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lines as compilers write them, none of which is a credential, and all of which differ. */
function writeOutput(file) {
  const descriptor = openSync(file, 'wx');
  let written = 0;
  for (let k = 0; written < sizeBytes; k++) {
    const lines = Array.from({ length: 2_000 }, (_, n) => {
      const number = k * 2_000 + n;
      return `[${number}] cc -std=c11 -O2 -c kernel_${number % 977}.c -o build/kernel_${number}.o: warning: unused variable 'value${number}'`;
    });
    const text = `${lines.join('\n')}\n`.slice(0, sizeBytes - written);
    written += writeSync(descriptor, text);
  }
}

function run(program, args) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  return { seconds: (performance.now() - started) / 1_000, output: stdout };
}

/** In a process of its own, so that its memory is its own. */
async function store(file, folder) {
  const place = mkdtempSync(join(folder, 'place-'));
  const artifacts = artifactStore({ place, maxObjectBytes: 2e9 });
  const kept = await artifacts.keep('stdout', createReadStream(file, { highWaterMark: 256 * 1024 }));
  if (kept?.sizeBytes !== sizeBytes) throw new Error(`Stored ${kept?.sizeBytes} bytes.`);
  rmSync(place, { recursive: true });
  console.log(
    JSON.stringify({
      maxRssMb: process.resourceUsage().maxRSS / 1_000,
      peak: readFileSync('/proc/self/status', 'utf8').match(/VmHWM:\s+(\d+)/)?.[1],
    }),
  );
}
