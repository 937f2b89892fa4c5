import type { Judgement } from '@benchlab-otel/analysis';
import { printable, shortened } from './printable.ts';

/** One line a judgement: outcome, what was asked, what arrived; why it is not a pass on the line below. */
export function judgementLines(judgements: readonly Judgement[]): readonly string[] {
  const width = Math.max(0, ...judgements.map(({ name }) => shortened(name).length));
  return judgements.flatMap(({ outcome, name, observed, reason }) => [
    `${outcome.toUpperCase().padEnd(12)}  ${shortened(name).padEnd(width)}  ${printable(observed ?? '')}`.trimEnd(),
    ...(reason === undefined ? [] : [`${' '.repeat(14)}${printable(reason)}`]),
  ]);
}
