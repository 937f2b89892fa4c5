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
  const lines = examples.map((example) => `  ${example.includes('benchlab-probe') ? '' : 'benchlab-probe '}${example}`);
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
