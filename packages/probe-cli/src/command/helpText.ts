import type { Help } from './command.ts';
import { codesAndMeanings } from './exitCode.ts';

/** What the help of a command has after its options: paragraphs, exit codes in ascending order, examples. */
export function helpText(
  { exitCodes, meanings, examples }: Pick<Help, 'exitCodes' | 'meanings' | 'examples'>,
  paragraphs = '',
): string {
  const codes = codesAndMeanings(exitCodes, meanings).map(
    ([code, meaning]) => `  ${String(code).padStart(2)}  ${meaning}`,
  );
  const lines = examples.map((example) => `  ${wholeLine(example)}`);
  return [
    ...(paragraphs === '' ? [] : ['', paragraphs.trim()]),
    '',
    'Exit codes:',
    ...codes,
    '',
    'Examples:',
    ...lines,
  ].join('\n');
}

/** An example with the name of the command, which is left out where it comes first. */
export function wholeLine(example: string): string {
  return example.includes('benchlab-probe') ? example : `benchlab-probe ${example}`;
}
