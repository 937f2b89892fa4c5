import type { Help } from './command.ts';
import { exitCode, exitCodeMeanings } from './exitCode.ts';

/** What the help of a command has after its options: paragraphs, exit codes, examples. */
export function helpText({ text = '', exitCodes, examples }: Help): string {
  const paragraphs = typeof text === 'string' ? text : text();
  const codes = exitCodes.map((name) => `  ${String(exitCode[name]).padStart(2)}  ${exitCodeMeanings[name]}`);
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
