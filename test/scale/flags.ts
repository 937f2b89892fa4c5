import { readFileSync } from 'node:fs';
import { shipped } from '../stack/configs.ts';

/** The flags of a shipped file, one a line, with other values for some. `undefined` leaves a flag out, a list repeats it. */
export function shippedFlags(
  file: string,
  others: Readonly<Record<string, string | readonly string[] | undefined>>,
): readonly string[] {
  const left = new Set(Object.keys(others));
  const flags = readFileSync(shipped(file), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('--'))
    .filter((line) => !left.delete(nameOf(line)) && !(nameOf(line) in others));
  if (left.size > 0) throw new Error(`${file} has no flag ${[...left].join(', ')}.`);
  const changed = Object.entries(others).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each) => `--${name}=${each}`),
  );
  return [...flags, ...changed];
}

function nameOf(line: string): string {
  return line.slice(2).split('=', 1)[0] ?? '';
}
