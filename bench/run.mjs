// Runs each benchmark in a process of its own and prints its table: `npm run bench`, or `npm run bench -- span` for one.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const wanted = process.argv.slice(2);
const files = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.bench.mjs'))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.startsWith(name)));

console.log('Interleaved rounds in one process, CPU time, ratio of medians; see bench/interleave.mjs.');
for (const file of files) {
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
if (files.length === 0) {
  console.error(`No benchmark is called ${wanted.join(', ')}.`);
  process.exitCode = 2;
}
