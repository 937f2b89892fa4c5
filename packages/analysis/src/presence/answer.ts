import type { Judgement } from '../judgement.ts';
import type { Problem } from './problem.ts';

/** What one expectation found. */
export interface Answer {
  /** `span checkout` */
  readonly name: string;
  /** What was asked for. */
  readonly limit: string;
  /** What arrived: `3 spans`. */
  readonly observed: string;
  readonly n: number;
  /** How the reason begins: `3 spans named checkout arrived`. */
  readonly found: string;
  readonly problems: readonly Problem[];
  /** More of the same signal could not undo that it is met. */
  readonly onlyGrows: boolean;
}

/** Problems of one expectation that its reason states. */
const maxProblems = 5;
/** Characters of a reason, and of what was asked for: one comes from names that anybody may have sent. */
const [maxReason, maxLimit] = [1_500, 300];

/**
 * The judgement of an answer.
 *
 * @param lost what of this signal was lost on its way: `7 spans were dropped`. Then an outcome stands only if it could not
 * change it.
 */
export function judgementOf(answer: Answer, lost: string | undefined): Judgement {
  const { problems, onlyGrows } = answer;
  const hasFailed = problems.some(({ isCurable }) => !isCurable);
  const couldChange = lost !== undefined && !hasFailed && (problems.length > 0 || !onlyGrows);
  const outcome = couldChange ? 'inconclusive' : problems.length > 0 ? 'fail' : 'pass';
  const texts = problems.slice(0, maxProblems).map(({ text }) => text);
  if (problems.length > maxProblems) texts.push(`and ${problems.length - maxProblems} more problems`);
  const parts = [
    ...(answer.found === '' || outcome === 'pass' ? [] : [answer.found]),
    ...texts,
    ...(couldChange ? [`${lost}, which could change this`] : []),
  ];
  return {
    kind: 'presence',
    name: answer.name,
    outcome,
    observed: answer.observed,
    limit: cut(answer.limit, maxLimit),
    n: answer.n,
    ...(couldChange ? { telemetryIsMissing: true } : {}),
    ...(outcome === 'pass' ? {} : { reason: cut(parts.join('; '), maxReason) }),
  };
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
