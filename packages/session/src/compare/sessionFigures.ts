import { percentile, type Random } from '@benchlab-otel/analysis';
import type { AlignedPair } from '../align/alignedRows.ts';
import { enteredFrames } from '../show/enteredFrames.ts';
import { meanSpread, percentileSpread, type Spread } from './blockBootstrap.ts';

/** What two groups of sessions are compared by. */
export const comparedFigures = ['p50Ms', 'p95Ms', 'droppedShare', 'joulesPerFrame'] as const;
/** One of them. */
export type ComparedFigure = (typeof comparedFigures)[number];

/** A figure of one session. Its spread is that of its logarithm, but of a share. */
export interface SessionFigure extends Spread {
  readonly value: number;
}

/** The figures that a session has; one that it lacks is absent. */
export type SessionFigures = Readonly<Partial<Record<ComparedFigure, SessionFigure>>>;

/** All intervals of a pair hold together with 95 %: each leaves out its part of the 5 % (Bonferroni). */
export const outside: number = 0.05 / comparedFigures.length;
/** With fewer frames there are not enough stretches to judge by. */
export const fewestFrames = 40;
/** ms: a latency of 0 has no logarithm. Clocks of stages are not better than this. */
const leastLatencyMs = 1e-3;

/** The figures of one pair of stages in one session, each with its spread within the session. */
export function sessionFigures(pair: AlignedPair, random: Random): SessionFigures {
  return { ...latencyFigures(pair, random), ...dropFigure(pair, random), ...energyFigure(pair, random) };
}

function latencyFigures({ rows }: AlignedPair, random: Random): SessionFigures {
  if (rows.length < fewestFrames) return {};
  const values = Float64Array.from(rows, ({ latencyMs }) => Math.max(leastLatencyMs, latencyMs));
  const sorted = values.toSorted();
  const at = (percent: number): SessionFigure => ({
    value: percentile(sorted, percent) ?? leastLatencyMs,
    ...percentileSpread(values, percent, random, outside),
  });
  return { p50Ms: at(50), p95Ms: at(95) };
}

function dropFigure(pair: AlignedPair, random: Random): SessionFigures {
  if (pair.dropped === undefined) return {};
  const drops = Float64Array.from(enteredFrames(pair), ({ isDropped }) => Number(isDropped));
  if (drops.length < fewestFrames) return {};
  const dropped = drops.reduce((sum, each) => sum + each, 0);
  const { stderr, degrees } = meanSpread(drops, random);
  // No drop in 100 frames does not prove a share of 0 (Agresti and Coull 1998).
  const share = (dropped + 2) / (drops.length + 4);
  const least = Math.sqrt((share * (1 - share)) / (drops.length + 4));
  return { droppedShare: { value: dropped / drops.length, stderr: Math.max(stderr, least), degrees } };
}

function energyFigure({ rows }: AlignedPair, random: Random): SessionFigures {
  const joules = Float64Array.from(rows.flatMap(({ energyJoules }) => energyJoules ?? []));
  if (joules.length < fewestFrames) return {};
  const value = joules.reduce((sum, each) => sum + each, 0) / joules.length;
  if (!(value > 0)) return {};
  const { stderr, degrees } = meanSpread(joules, random);
  return { joulesPerFrame: { value, stderr: stderr / value, degrees } };
}
