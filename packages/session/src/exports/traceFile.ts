import type { LatencyRow } from '@benchlab-otel/wire';
import { sensorLabel } from '../sensors/sensorLabel.ts';
import type { SensorSeries } from '../sensors/sensorSeries.ts';
import type { TraceEvent } from './traceSchema.ts';

/** What a trace states of the session as a whole. */
export interface TraceMeta {
  readonly session: string;
  readonly comment: string;
  readonly sensors: readonly SensorSeries[];
}

/** Rows of slices of one pair: frames that are between the stages at one time need one each. */
const maxLanes = 64;
/** The one process of the trace. */
const pid = 1;
const nsPerUs = 1e3;
const nsPerMs = 1e6;

/**
 * Rows and sensors in the trace event format of Chrome, which Perfetto and the Firefox Profiler open: a slice for each frame
 * between two stages, a counter for each sensor. Frames that overlap lie in lanes of their own, because slices of one thread may not.
 * The pieces of one JSON text; docs/formats/trace.md.
 */
export function* traceFile(rows: readonly LatencyRow[], { session, comment, sensors }: TraceMeta): Generator<string> {
  const threads = new Threads();
  const startNs = rows.reduce((least, row) => Math.min(least, enteredNs(row)), Number.POSITIVE_INFINITY);
  const other = JSON.stringify({ schema: 'benchlab-otel/trace', version: 1, session, comment });
  yield `{"displayTimeUnit":"ms","otherData":${other},"traceEvents":[\n`;
  yield text({ ph: 'M', name: 'process_name', pid, tid: 0, args: { name: session } }, '');
  const first = new Set<number>();
  for (const row of rows.toSorted((a, b) => enteredNs(a) - enteredNs(b))) {
    const { tid, name } = threads.of(row);
    if (!first.has(tid)) {
      first.add(tid);
      yield text({ ph: 'M', name: 'thread_name', pid, tid, args: { name } });
    }
    yield text(sliceOf(row, tid, startNs));
  }
  for (const series of sensors) yield* counters(series, startNs);
  yield '\n]}\n';
}

function text(event: TraceEvent, separator = ',\n'): string {
  return separator + JSON.stringify(event);
}

function enteredNs({ timeNs, latencyMs }: LatencyRow): number {
  return timeNs - latencyMs * nsPerMs;
}

function sliceOf(row: LatencyRow, tid: number, startNs: number): TraceEvent {
  return {
    ph: 'X',
    name: row.pair.join(' → '),
    cat: 'stage',
    pid,
    tid,
    ts: (enteredNs(row) - startNs) / nsPerUs,
    dur: row.latencyMs * 1e3,
    // The reader takes the row from here: `ts` is a difference, and not exact.
    args: row,
  };
}

function* counters(series: SensorSeries, startNs: number): Generator<string> {
  const { type } = sensorLabel(series);
  const name = `${series.source} ${series.key}`;
  const from = Number.isFinite(startNs) ? startNs : (series.timesNs[0] ?? 0);
  for (const [at, timeNs] of series.timesNs.entries()) {
    const ts = (timeNs - from) / nsPerUs;
    yield text({ ph: 'C', name, cat: 'sensor', pid, tid: 0, ts, args: { [type]: series.values[at] ?? 0 } });
  }
}

/** Gives each slice a thread in which nothing else is at its time. */
class Threads {
  readonly #lanes = new Map<string, { readonly tid: number; endNs: number }[]>();
  #count = 0;

  of(row: LatencyRow): { readonly tid: number; readonly name: string } {
    const pair = row.pair.join(' → ');
    const lanes = this.#lanes.get(pair) ?? [];
    this.#lanes.set(pair, lanes);
    let at = lanes.findIndex(({ endNs }) => endNs <= enteredNs(row));
    if (at < 0 && lanes.length < maxLanes) at = lanes.push({ tid: ++this.#count, endNs: 0 }) - 1;
    // Beyond the bound slices of the last lane overlap: they are all there, and drawn over each other.
    const lane = lanes[at] ?? lanes.at(-1) ?? { tid: 0, endNs: 0 };
    lane.endNs = Math.max(lane.endNs, row.timeNs);
    const number = lanes.indexOf(lane) + 1;
    return { tid: lane.tid, name: number === 1 ? pair : `${pair} (${number})` };
  }
}
