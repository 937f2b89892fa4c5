import { seededRandom, studentQuantile } from '@benchlab-otel/analysis';
import { OptionError } from '@benchlab-otel/core';
import type { ReadSession } from '../readSession.ts';
import {
  type ComparedFigure,
  comparedFigures,
  outside,
  type SessionFigure,
  type SessionFigures,
  sessionFigures,
} from './sessionFigures.ts';

/** A figure of two groups of sessions. */
export interface FigureComparison {
  readonly figure: ComparedFigure;
  /** Of the first group: the geometric mean of its sessions; of shares the mean. */
  readonly before: number;
  readonly after: number;
  /** `after` less `before`. */
  readonly difference: number;
  readonly differenceInterval: Interval;
  /** `after` / `before`. Absent for shares: one of them may be 0. */
  readonly ratio?: number;
  readonly ratioInterval?: Interval;
  /** Whether the interval leaves out "no change". */
  readonly isDifferent: boolean;
}

/** What the interval of a change holds. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Two groups of sessions, compared by one pair of stages. */
export interface PairComparison {
  readonly pair: readonly [from: string, to: string];
  /** Sessions of each group that have the pair. */
  readonly sessions: readonly [before: number, after: number];
  readonly figures: readonly FigureComparison[];
  /** Figures that a session lacks: too few frames, no power. */
  readonly missing: readonly ComparedFigure[];
  /** A group has one session: how much runs differ from each other is not in the intervals. */
  readonly isWithinRuns: boolean;
  readonly simulated: boolean;
}

/** The same sessions give the same intervals. */
const seed = 20251111;

interface Group {
  readonly value: number;
  readonly variance: number;
  readonly degrees: number;
}

/**
 * Compares two groups of sessions by each pair of stages that both have. Within a session the spread comes from moving blocks, so
 * that frames that hang together are not counted as many; over the sessions of a group from how they differ.
 *
 * @throws OptionError for an empty group
 */
export function compareSessions(
  before: readonly Pick<ReadSession, 'pairs'>[],
  after: readonly Pick<ReadSession, 'pairs'>[],
): readonly PairComparison[] {
  for (const group of [before, after]) {
    if (group.length === 0) throw new OptionError({ option: 'sessions', value: 0, allowed: '1 or more in each group' });
  }
  const names = new Map(before.flatMap(({ pairs }) => pairs.map(({ pair }) => [JSON.stringify(pair), pair] as const)));
  return [...names.values()].flatMap((pair) => {
    const groups = [before, after].map((sessions) => sessions.flatMap((session) => pairOf(session, pair)));
    const [first = [], second = []] = groups;
    if (first.length === 0 || second.length === 0) return [];
    const random = seededRandom(seed);
    const figures = groups.map((sessions) => sessions.map((of) => sessionFigures(of, random)));
    return [
      {
        pair,
        sessions: [first.length, second.length] as const,
        ...compared(figures[0] ?? [], figures[1] ?? []),
        isWithinRuns: first.length === 1 || second.length === 1,
        simulated: [...first, ...second].some(({ rows }) => rows.some(({ simulated }) => simulated === true)),
      },
    ];
  });
}

function pairOf({ pairs }: Pick<ReadSession, 'pairs'>, [from, to]: PairComparison['pair']) {
  return pairs.filter(({ pair }) => pair[0] === from && pair[1] === to).slice(0, 1);
}

function compared(before: readonly SessionFigures[], after: readonly SessionFigures[]) {
  const figures: FigureComparison[] = [];
  const missing: ComparedFigure[] = [];
  for (const figure of comparedFigures) {
    const groups = [before, after].map((sessions) => sessions.flatMap((each) => each[figure] ?? []));
    const [first = [], second = []] = groups;
    if (first.length < before.length || second.length < after.length) missing.push(figure);
    else figures.push(figureComparison(figure, first, second));
  }
  return { figures, missing };
}

function figureComparison(
  figure: ComparedFigure,
  before: readonly SessionFigure[],
  after: readonly SessionFigure[],
): FigureComparison {
  const isShare = figure === 'droppedShare';
  const scale = isShare ? (value: number) => value : Math.log;
  const [first, second] = [groupOf(before, scale), groupOf(after, scale)];
  const change = second.value - first.value;
  const reach = reachOf(first, second);
  if (isShare) {
    const differenceInterval = { low: change - reach, high: change + reach };
    const isDifferent = !(differenceInterval.low <= 0 && differenceInterval.high >= 0);
    return { figure, before: first.value, after: second.value, difference: change, differenceInterval, isDifferent };
  }
  const [a, b] = [Math.exp(first.value), Math.exp(second.value)];
  // The interval of the difference is that of the ratio at the measured level of the first group: both judge alike.
  const ratioInterval = { low: Math.exp(change - reach), high: Math.exp(change + reach) };
  return {
    figure,
    before: a,
    after: b,
    difference: b - a,
    differenceInterval: { low: a * (ratioInterval.low - 1), high: a * (ratioInterval.high - 1) },
    ratio: b / a,
    ratioInterval,
    isDifferent: !(ratioInterval.low <= 1 && ratioInterval.high >= 1),
  };
}

/** With several sessions the spread is that between them, and never less than what the frames alone give. */
function groupOf(figures: readonly SessionFigure[], scale: (value: number) => number): Group {
  const values = figures.map(({ value }) => scale(value));
  const value = values.reduce((sum, each) => sum + each, 0) / values.length;
  const within = figures.reduce((sum, { stderr }) => sum + stderr ** 2, 0) / values.length ** 2;
  const [only] = figures;
  if (figures.length === 1 && only !== undefined) return { value, variance: within, degrees: only.degrees };
  const between = values.reduce((sum, each) => sum + (each - value) ** 2, 0) / (values.length - 1) / values.length;
  return { value, variance: Math.max(between, within), degrees: values.length - 1 };
}

/** Half the width of the interval of a difference (Welch 1947). */
function reachOf(a: Group, b: Group): number {
  const variance = a.variance + b.variance;
  if (variance === 0) return 0;
  const degrees = variance ** 2 / (a.variance ** 2 / a.degrees + b.variance ** 2 / b.degrees);
  return studentQuantile(degrees, outside) * Math.sqrt(variance);
}
