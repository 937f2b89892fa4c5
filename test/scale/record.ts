import { appendFileSync } from 'node:fs';

/** Hands figures to the script that started the test: one line of JSON each, in the file that it names. */
export function record(figures: object): void {
  const line = JSON.stringify(figures);
  console.log(line);
  if (process.env.BENCHLAB_FIGURES) appendFileSync(process.env.BENCHLAB_FIGURES, `${line}\n`);
}
