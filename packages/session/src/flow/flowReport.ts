import { percentile } from '@benchlab-otel/analysis';
import type { AlignedPair } from '../align/alignedRows.ts';
import { PowerSeries } from '../align/powerSeries.ts';
import type { ReadSession } from '../readSession.ts';
import { bookmarksOf, type Flow, type FlowStep, flowEndStage, stepStage } from './flow.ts';

/** A flow as one session shows it. */
export interface FlowReport {
  readonly flow: string;
  readonly session: string;
  /** ISO 8601; absent where the session does not state it. */
  readonly openedAt?: string;
  /** The stages whose latency is reported; absent where the session has no frames. */
  readonly pair?: readonly [from: string, to: string];
  readonly steps: readonly StepReport[];
  readonly simulated: boolean;
}

/** One step, over all times that it ran. What was not measured is absent. */
export interface StepReport {
  readonly id: string;
  readonly copy?: string;
  readonly ops: readonly string[];
  readonly targetMs?: number;
  /** How many times it ran; 0: the session does not show it. */
  readonly runs: number;
  readonly seconds: number;
  /** Frames that reached the first stage while it ran. */
  readonly frames: number;
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  /** Whether 95 % of the frames took the target or less. Absent without a target, and without frames. */
  readonly isTargetMet?: boolean;
  /** Energy of the whole bench. Absent where a part of its time has no power. */
  readonly joules?: number;
}

interface Run {
  readonly id: string;
  readonly fromNs: number;
  readonly toNs: number;
}

const nsPerMs = 1e6;

/**
 * Latency and energy of each step of a flow. When a step began is known from the stages that `flow run` wrote; without them from
 * bookmarks of the session that are called like a step or like a bookmark of it. A step lasts until the next begins.
 *
 * @param pair of the latencies; default: the first pair of the session
 */
export function flowReport(
  flow: Flow,
  session: ReadSession,
  name: string,
  wanted?: readonly [from: string, to: string],
): FlowReport {
  const runs = runsOf(flow, session);
  const pair = session.pairs.find(
    ({ pair: [from, to] }) => wanted === undefined || (from === wanted[0] && to === wanted[1]),
  );
  const power = new PowerSeries(session.raw.powers);
  const steps = flow.steps.map((step) => stepReport(step, runs, pair, power));
  const rows = pair?.rows ?? [];
  const simulated = [...rows, ...session.raw.powers].some((each) => each.simulated === true);
  return {
    flow: flow.flow,
    session: name,
    ...(session.file === undefined ? {} : { openedAt: session.file.openedAt }),
    ...(pair === undefined ? {} : { pair: pair.pair }),
    steps,
    simulated,
  };
}

function runsOf({ steps }: Flow, { raw: { events, powers }, file }: ReadSession): readonly Run[] {
  const idOf = new Map(steps.map(({ id }) => [stepStage(id), id]));
  const stages = events.flatMap(({ stage, timeNs }) => {
    const id = idOf.get(stage);
    if (id === undefined && stage !== flowEndStage()) return [];
    return [{ id, timeNs }];
  });
  const begins = stages.length > 0 ? stages : bookmarked(steps, file?.bookmarks ?? []);
  const sorted = begins.toSorted((a, b) => a.timeNs - b.timeNs);
  let lastNs = 0;
  for (const { timeNs } of events) lastNs = Math.max(lastNs, timeNs);
  for (const { timeNs } of powers) lastNs = Math.max(lastNs, timeNs);
  return sorted.flatMap(({ id, timeNs }, at) =>
    id === undefined ? [] : [{ id, fromNs: timeNs, toNs: sorted[at + 1]?.timeNs ?? Math.max(lastNs, timeNs) }],
  );
}

function bookmarked(steps: Flow['steps'], bookmarks: readonly { readonly timeNs: number; readonly name: string }[]) {
  const idOf = new Map(
    steps.flatMap((step) => [step.id, ...bookmarksOf(step)].map((name) => [name, step.id] as const)),
  );
  return bookmarks.flatMap(({ name, timeNs }) => {
    const id = idOf.get(name);
    return id === undefined ? [] : [{ id, timeNs }];
  });
}

function stepReport(
  { id, copy, ops = [], latency_target_ms: targetMs }: FlowStep,
  all: readonly Run[],
  pair: AlignedPair | undefined,
  power: PowerSeries,
): StepReport {
  const runs = all.filter((run) => run.id === id);
  const isIn = (timeNs: number) => runs.some(({ fromNs, toNs }) => timeNs >= fromNs && timeNs < toNs);
  const latencies = (pair?.rows ?? []).flatMap(({ timeNs, latencyMs }) =>
    isIn(timeNs - latencyMs * nsPerMs) ? [latencyMs] : [],
  );
  const sorted = Float64Array.from(latencies).sort();
  const [p50Ms, p95Ms] = [percentile(sorted, 50), percentile(sorted, 95)];
  const energies = runs.map(({ fromNs, toNs }) => power.energy(fromNs, toNs)?.joules);
  const joules = energies.reduce<number | undefined>(
    (sum, each) => (sum !== undefined && each !== undefined ? sum + each : undefined),
    0,
  );
  return {
    id,
    ...(copy === undefined ? {} : { copy }),
    ops,
    ...(targetMs === undefined ? {} : { targetMs }),
    runs: runs.length,
    seconds: runs.reduce((sum, { fromNs, toNs }) => sum + (toNs - fromNs) / 1e9, 0),
    frames: latencies.length,
    ...(p50Ms === undefined || p95Ms === undefined ? {} : { p50Ms, p95Ms }),
    ...(targetMs === undefined || p95Ms === undefined ? {} : { isTargetMet: p95Ms <= targetMs }),
    ...(runs.length === 0 || joules === undefined ? {} : { joules }),
  };
}
