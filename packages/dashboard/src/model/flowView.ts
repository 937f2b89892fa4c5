import { percentile } from '@benchlab-otel/analysis/figures';
import type { FlowMark } from './flowMarks.ts';
import type { Latencies } from './latencies.ts';

/** A flow as its file states it: docs/flows.md. */
export interface FlowPlan {
  readonly flow: string;
  readonly steps: readonly {
    readonly id: string;
    readonly copy?: string;
    readonly ops?: readonly string[];
    readonly latency_target_ms?: number;
  }[];
}

/** A flow that runs or ran. */
export interface FlowView {
  /** Absent where no file names it. */
  readonly name?: string;
  readonly node: string;
  readonly steps: readonly StepView[];
}

/** One step, over all times that it ran. What was not measured is absent. */
export interface StepView {
  readonly id: string;
  /** The text that the person reads. */
  readonly copy?: string;
  readonly targetMs?: number;
  readonly state: 'waiting' | 'running' | 'done';
  readonly seconds: number;
  /** Frames that reached the first stage while it ran. */
  readonly frames: number;
  readonly p95Ms?: number;
  /** Whether 95 % of the frames took the target or less. Absent without a target, and without frames. */
  readonly isTargetMet?: boolean;
}

/** A step began, or, without an id, the flow ended. */
interface Begin {
  readonly id: string | undefined;
  readonly timeMs: number;
}

interface Run {
  readonly id: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly isOpen: boolean;
}

const bookmarkOp = 'bookmark:';
/** Steps that are shown of a flow whose file is not known. */
const mostSteps = 100;

/**
 * The flow of the node with the newest mark. Steps are known from the stages that `flow run` wrote; without them, and with a plan, from
 * bookmarks that are called like a step or like a bookmark of it. A step lasts until the next begins.
 *
 * @param number of the series whose latencies steps are judged by; undefined: none has any
 * @param toMs the end of what is shown
 */
export function flowView(
  marks: readonly FlowMark[],
  plan: FlowPlan | undefined,
  latencies: Latencies,
  number: number | undefined,
  toMs: number,
): FlowView | undefined {
  const node = marks.at(-1)?.node;
  if (node === undefined) return undefined;
  const runs = runsOf(
    marks.filter((mark) => mark.node === node),
    plan,
    toMs,
  );
  if (runs.length === 0 && plan === undefined) return undefined;
  const found = [...new Set(runs.map(({ id }) => id))].map((id) => ({ id }));
  const steps: FlowPlan['steps'] = plan?.steps ?? found.slice(0, mostSteps);
  return {
    ...(plan === undefined ? {} : { name: plan.flow }),
    node,
    steps: steps.map((step) =>
      stepView(
        step,
        runs.filter(({ id }) => id === step.id),
        latencies,
        number,
      ),
    ),
  };
}

function runsOf(marks: readonly FlowMark[], plan: FlowPlan | undefined, toMs: number): readonly Run[] {
  const hasSteps = marks.some(({ kind }) => kind === 'step');
  const idOf = new Map(
    plan?.steps.flatMap(({ id, ops = [] }) => [
      [id, id] as const,
      ...ops.filter((op) => op.startsWith(bookmarkOp)).map((op) => [op.slice(bookmarkOp.length), id] as const),
    ]),
  );
  const begins = marks.flatMap(({ kind, name, timeMs }): readonly Begin[] => {
    if (kind === 'end') return [{ id: undefined, timeMs }];
    const id = hasSteps ? (kind === 'step' ? name : undefined) : idOf.get(name);
    return id === undefined ? [] : [{ id, timeMs }];
  });
  return begins.flatMap(({ id, timeMs }, at) => {
    const next = begins[at + 1]?.timeMs;
    if (id === undefined) return [];
    return [{ id, fromMs: timeMs, toMs: next ?? Math.max(toMs, timeMs), isOpen: next === undefined }];
  });
}

function stepView(
  { id, copy, latency_target_ms: targetMs }: FlowPlan['steps'][number],
  runs: readonly Run[],
  latencies: Latencies,
  number: number | undefined,
): StepView {
  const sorted = Float64Array.from(runs.flatMap((run) => latenciesOf(run, latencies, number))).sort();
  const p95Ms = percentile(sorted, 95);
  const state = runs.length === 0 ? 'waiting' : runs.some(({ isOpen }) => isOpen) ? 'running' : 'done';
  return {
    id,
    ...(copy === undefined ? {} : { copy }),
    ...(targetMs === undefined ? {} : { targetMs }),
    state,
    seconds: runs.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs) / 1000, 0),
    frames: sorted.length,
    ...(p95Ms === undefined ? {} : { p95Ms }),
    ...(targetMs === undefined || p95Ms === undefined ? {} : { isTargetMet: p95Ms <= targetMs }),
  };
}

/** A frame that is longer than this ends up in no step, ms: rows are in the order of their ends. */
const longestFrameMs = 10_000;

function latenciesOf({ fromMs, toMs }: Run, latencies: Latencies, number: number | undefined): readonly number[] {
  const [start, end] = latencies.range(fromMs, toMs + longestFrameMs);
  const found: number[] = [];
  for (let row = start; row < end; row++) {
    if (latencies.seriesNumber(row) !== number) continue;
    const latencyMs = latencies.latencyMs(row);
    const enteredMs = latencies.timeMs(row) - latencyMs;
    if (enteredMs >= fromMs && enteredMs < toMs) found.push(latencyMs);
  }
  return found;
}
