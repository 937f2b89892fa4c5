import { resultNumber, resultText } from '../lower/kernelText.ts';
import type { Finding } from './finding.ts';

/** Compares what a kernel wrote with what the specification gives, bit for bit. The score is the share of equal calls. */
export function difference(output: string, expected: readonly (readonly number[])[]): Finding {
  const lines = output.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const wrong = expected.flatMap((results, call) => {
    const found = wordsOf(lines[call]);
    const wanted = results.map(resultText);
    if (found.length === wanted.length && wanted.every((text, index) => text === found[index])) return [];
    return [{ call, found, wanted, results }];
  });
  const score = expected.length === 0 ? 0 : 1 - wrong.length / expected.length;
  const [first] = wrong;
  if (first === undefined)
    return lines.length === expected.length
      ? { score }
      : { score: 0, reason: linesReason(lines.length, expected.length) };
  const of = `${wrong.length} of ${expected.length} calls differ`;
  const at = first.wanted.findIndex((text, index) => text !== first.found[index]);
  if (at < 0 || first.found[at] === undefined) {
    return {
      score,
      reason: `${of}: call ${first.call} gave ${first.found.length} results, not ${first.wanted.length}`,
    };
  }
  const shown = resultNumber(first.found[at]);
  const gave = shown === undefined ? 'no number' : numberShown(shown);
  return {
    score,
    reason: `${of}: result ${at} of call ${first.call} is ${gave}, not ${numberShown(first.results[at] ?? Number.NaN)}`,
  };
}

/** Both zeros, which are different bits. */
function numberShown(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function wordsOf(line = ''): readonly string[] {
  return line.split(' ').filter((word) => word !== '');
}

function linesReason(found: number, wanted: number): string {
  return `it wrote ${found} lines, not ${wanted}`;
}
