// Compares this build with the one of another checkout: the benchmarks of this checkout run in both, alternately. Each
// row is a ratio to code that does not belong to this project, so that the load of the machine drops out; the result is
// the ratio of the two, and the spread is that of the build before.
//
//   git worktree add --detach /tmp/before COMMIT && cd /tmp/before && npm ci && npx tsc -b
//   npm run bench -- span metric --against /tmp/before

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quantile, round } from './interleave.mjs';

const rounds = Number(process.env.BENCH_ROUNDS ?? 4);
const here = fileURLToPath(new URL('.', import.meta.url));

/** Runs each file in both checkouts and prints what is now to what was before. The folder bench/ there is replaced. */
export function compare(files, checkout) {
  cpSync(here, join(checkout, 'bench'), { recursive: true, filter: (path) => !path.includes('node_modules') });
  const folders = { before: join(checkout, 'bench'), now: here };
  for (const file of files) {
    if (file === 'agent.bench.mjs') {
      // Minutes long, so that the two builds run at the same time.
      spawnSync(process.execPath, [join(here, file)], {
        env: { ...process.env, BENCH_AGAINST: checkout },
        stdio: 'inherit',
      });
      continue;
    }
    const ratios = { before: new Map(), now: new Map() };
    for (let k = 0; k < rounds; k++) {
      const order = k % 2 === 0 ? ['before', 'now'] : ['now', 'before'];
      for (const build of order) for (const row of rowsOf(join(folders[build], file))) add(ratios[build], row);
    }
    console.log(`\n${file}, ${rounds} runs of each build`);
    console.table(rowsBetween(ratios));
  }
}

function rowsOf(file) {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-compare-'));
  const rows = join(folder, 'rows');
  try {
    const { status, stderr } = spawnSync(process.execPath, [file], {
      env: { ...process.env, BENCH_ROWS: rows },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`);
    const lines = readFileSync(rows, 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function add(ratios, { table, variant, ratio }) {
  const key = `${table}: ${variant}`;
  ratios.set(key, [...(ratios.get(key) ?? []), ratio]);
}

function rowsBetween({ before, now }) {
  const rows = [];
  for (const [key, was] of before) {
    const is = now.get(key) ?? [];
    if (is.length === 0 || was.every((ratio) => ratio === 1)) continue;
    const middle = quantile(was, 0.5);
    rows.push({
      row: key,
      before: round(middle),
      'of it spread': `${round(Math.min(...was))}–${round(Math.max(...was))}`,
      now: round(quantile(is, 0.5)),
      'now spread': `${round(Math.min(...is))}–${round(Math.max(...is))}`,
      'now / before': round(quantile(is, 0.5) / middle),
      worse: Math.min(...is) > Math.max(...was) ? 'yes' : '',
    });
  }
  return rows;
}
