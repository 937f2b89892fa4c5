import { counted } from '@benchlab-otel/analysis';
import type { ComparisonEnd } from './comparison.ts';

/**
 * Why a budget is still open.
 *
 * @param end how its comparison ended
 * @param pairs that were made
 */
export function whyOpen(end: ComparisonEnd, pairs: number): string {
  const made = counted(pairs, 'pair');
  switch (end) {
    case 'pairs':
      return `${made} did not decide it, and --max-pairs allows no more`;
    case 'time':
      return `${made} did not decide it, and --max-time allows no more`;
    case 'interrupted':
      return `a signal ended the comparison after ${made}`;
    case 'candidate-failed':
      return `the candidate failed after ${made}`;
    case 'baseline-failed':
      return `the baseline failed after ${made}`;
    default:
      return `not decided yet after ${made}`;
  }
}
