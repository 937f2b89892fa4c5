// Prints the table of a benchmark. `npm run bench -- span --against FOLDER` also gathers the rows (compare.mjs).

import { appendFileSync } from 'node:fs';

/**
 * @param {string} title
 * @param {object[]} rows
 * @param {string} column the ratio that tells two builds apart: to code that both have in the same process or round
 */
export function report(title, rows, column) {
  console.log(`\n${title}`);
  console.table(rows);
  if (!process.env.BENCH_ROWS) return;
  for (const row of rows) {
    const line = { table: title, variant: Object.values(row)[0], ratio: row[column] };
    appendFileSync(process.env.BENCH_ROWS, `${JSON.stringify(line)}\n`);
  }
}
