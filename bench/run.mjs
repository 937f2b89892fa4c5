// Runs each benchmark in a process of its own and prints its table: `npm run bench`, or `npm run bench -- span` for one.
// `npm run bench -- span --against CHECKOUT` compares with the build there (compare.mjs).
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare } from './compare.mjs';

const { values, positionals: wanted } = parseArgs({ options: { against: { type: 'string' } }, allowPositionals: true });
const files = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.bench.mjs'))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.startsWith(name)));

if (files.length === 0) {
  console.error(`No benchmark is called ${wanted.join(', ')}.`);
  process.exitCode = 2;
} else if (values.against !== undefined) {
  compare(files, values.against);
} else {
  console.log('Interleaved rounds in one process, CPU time, ratio of medians; see bench/interleave.mjs.');
  for (const file of files) {
    const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}
