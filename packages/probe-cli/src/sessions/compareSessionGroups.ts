import { counted, percent, seconds, significant, toHalfWidth } from '@benchlab-otel/analysis';
import { BenchlabError } from '@benchlab-otel/core';
import {
  type ComparedFigure,
  compareSessions,
  type FigureComparison,
  fewestFrames,
  type PairComparison,
  type ReadSession,
} from '@benchlab-otel/session';
import type { CommandHost } from '../host/commandHost.ts';
import { printable, printableLines } from '../report/printable.ts';
import { table } from '../report/table.ts';
import { eachSession } from './eachSession.ts';
import type { SessionOptions } from './sessionOptions.ts';

interface CompareOptions extends SessionOptions {
  readonly json?: boolean;
}

/** `sessions compare A… -- B…`: what changed from one group of sessions to another, with intervals. */
export async function compareSessionGroups(
  host: CommandHost,
  { json = false, ...options }: CompareOptions,
  words: readonly string[],
): Promise<number> {
  const at = words.indexOf('--');
  const [first, second] = at < 0 ? [words, []] : [words.slice(0, at), words.slice(at + 1)];
  if (first.length === 0 || second.length === 0) {
    const fix = 'Write sessions before and after --: benchlab-probe sessions compare OLD… -- NEW…';
    throw new BenchlabError('BAD_OPTION', 'There are not two groups of sessions.', fix);
  }
  const groups: ReadSession[][] = [[], []];
  const codes: number[] = [];
  for (const [index, folders] of [first, second].entries()) {
    const code = await eachSession(host, options, folders, (session) => void groups[index]?.push(lean(session)));
    codes.push(code);
  }
  const comparisons = compareSessions(groups[0] ?? [], groups[1] ?? []);
  if (comparisons.length === 0) {
    const fix = 'Name two stages that both have: --pair FROM:TO.';
    throw new BenchlabError('BAD_OPTION', 'The two groups have no pair of stages in common.', fix);
  }
  const { out } = host.terminal;
  if (json) out(`${printableLines(JSON.stringify({ comparisons }, undefined, 2))}\n`);
  else out(`${comparisons.map((each) => textOf(each).join('\n')).join('\n\n')}\n`);
  return Math.max(...codes);
}

/** Samples of power are in the rows: many sessions are in memory at one time. */
function lean(session: ReadSession): ReadSession {
  const { events, others, refused, cut } = session.raw;
  return { ...session, raw: { events, others, refused, cut, powers: [] } };
}

const names: Readonly<Record<ComparedFigure, string>> = {
  p50Ms: 'p50',
  p95Ms: 'p95',
  droppedShare: 'dropped',
  joulesPerFrame: 'J/frame',
};

function textOf(comparison: PairComparison): readonly string[] {
  const { pair, sessions, figures, missing, isWithinRuns, simulated } = comparison;
  const [before, after] = sessions.map((count) => counted(count, 'session'));
  const header = ['figure', 'before', 'after', 'difference', 'interval', 'ratio', 'interval', 'verdict'];
  return [
    `${printable(pair.join(' → '))}: ${before} before, ${after} after`,
    ...table(header, figures.map(row)),
    ...missing.map(
      (figure) => `${names[figure]}: not in all sessions (fewer than ${fewestFrames} frames, or no power)`,
    ),
    'The intervals of a pair hold together with 95 %.',
    ...(isWithinRuns
      ? ['A group has one session: how much one run differs from the next is not in the intervals.']
      : []),
    ...(simulated ? ['simulated'] : []),
  ];
}

function row(comparison: FigureComparison): readonly string[] {
  const { figure, before, after, difference, differenceInterval, ratio, ratioInterval, isDifferent } = comparison;
  const value = (number: number) => valueText(figure, number);
  const interval = `${value(differenceInterval.low)} to ${value(differenceInterval.high)}`;
  const ratioText = (number: number) =>
    toHalfWidth(number, ratioInterval === undefined ? 0 : (ratioInterval.high - ratioInterval.low) / 2);
  return [
    names[figure],
    value(before),
    value(after),
    value(difference),
    interval,
    ratio === undefined ? '–' : ratioText(ratio),
    ratioInterval === undefined ? '–' : `${ratioText(ratioInterval.low)} to ${ratioText(ratioInterval.high)}`,
    isDifferent ? (difference > 0 ? 'more' : 'less') : 'no difference found',
  ];
}

function valueText(figure: ComparedFigure, value: number): string {
  const sign = value < 0 ? '−' : '';
  const size = Math.abs(value);
  if (figure === 'droppedShare') return `${sign}${percent(size)}`;
  if (figure === 'joulesPerFrame') return sign + significant(size);
  return sign + (size === 0 ? '0 ms' : seconds(size / 1e3));
}
