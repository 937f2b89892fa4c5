import { type Band, bandOf, type TimedValues } from './bands.ts';
import { deltaOf } from './delta.ts';
import type { Fact } from './fact.ts';
import { FactStore, type FactStoreOptions } from './factStore.ts';
import { severityOrder } from './findings.ts';
import { gaugeView } from './gaugeView.ts';
import { type Histogram, histogram } from './histogram.ts';
import { type InputChange, InputStates, type InputView } from './inputStates.ts';
import { powerAt, type VisibleRow, visibleRow } from './rows.ts';
import { runView } from './runView.ts';
import { type Series, seriesKey } from './series.ts';
import { type LatencySummary, summaries } from './summary.ts';
import { type Trend, trendOf } from './trend.ts';
import type { DashboardView, Level, NodeView, SeriesView, ViewRange, ViewWindow } from './view.ts';

/** What a face shows of the model. */
export interface ViewOptions {
  /** Absent: a minute of a live stream, and all of a recording. */
  readonly window?: ViewWindow | undefined;
  /** The series of the headline, by `seriesKey()`. Absent or unknown: the one with the most rows. */
  readonly series?: string;
  /** Only what has this text in its name, node or id, in any case. */
  readonly filter?: string;
  /** Only what is of this node. */
  readonly node?: string;
}

/** Curves over the range. */
export interface Chart {
  readonly range: ViewRange;
  /** ms */
  readonly latency: Band;
  /** W */
  readonly power: Band;
}

/** Latency against the power at its time. */
export interface Scatter {
  /** Parallel lists, oldest first. */
  readonly powerWatts: readonly number[];
  readonly latencyMs: readonly number[];
  /** The greatest age of a power in it, ms. Absent without a point. */
  readonly oldestPowerMs?: number;
  /** Runs or frames of the series in the range, with and without power: the points are the newest of those with power. */
  readonly of: number;
}

/** How the figures of the headline, and of the power of its node, went over the range. */
export interface Trends {
  readonly latency: Trend;
  readonly power: Trend;
}

/** A recording or session that latencies are compared with. */
export interface Baseline {
  readonly name: string;
  readonly summaries: readonly LatencySummary[];
}

export interface DashboardOptions extends FactStoreOptions {
  readonly baseline?: Baseline;
}

/** Summaries that were made, and what of. */
interface CachedSummaries {
  readonly store: FactStore;
  readonly window: ViewWindow;
  readonly toMs: number;
  /** Rows that had come by then. */
  readonly added: number;
  readonly rows: number;
  readonly atMs: number;
  readonly made: readonly LatencySummary[];
}

/** From here on figures are made once a second at most. */
const manyRows = 5_000;
const manyRowsMs = 1_000;
interface Curve {
  readonly values: TimedValues;
  readonly rows: readonly [start: number, end: number];
}

interface Curves {
  readonly range: ViewRange;
  readonly between: readonly [fromMs: number, toMs: number];
  readonly latency: Curve;
  readonly power: Curve;
}

/** A fact within this time of now makes the view a live one, ms: after that it ends now also when the stream stops. */
const freshMs = 10_000;
/** A recording is read, as far as is known, when nothing came for this time, ms. */
const quietMs = 1_000;
/** Facts further in the future than this are refused, ms: clocks of hosts differ by less. */
const mostAheadMs = 60_000;
/** Times before the year 2000 come from clocks that were never set. */
const earliestMs = Date.UTC(2000, 0, 1);
/** Where green ends and red begins, for frames between two stages, ms. */
export const thresholdsMs: { readonly good: number; readonly bad: number } = { good: 10, bad: 20 };

/**
 * What all faces show: facts in, figures and curves out. It reads no clock and has no timer: each call gets the time. What it
 * holds is bounded, and what the bounds cost is counted.
 *
 * @example
 * const dashboard = new Dashboard();
 * dashboard.openInput('telemetry.jsonl', 'local');
 * dashboard.add('telemetry.jsonl', fact, Date.now());
 * dashboard.view({ window: 60_000 }, Date.now()).headline?.p95Ms;
 */
export class Dashboard {
  readonly #store: FactStore;
  readonly #inputs = new InputStates();
  #baseline: Baseline | undefined;
  #frozen: { store: FactStore; inputs: InputStates; atMs: number; factsBefore: number } | undefined;
  #isLive = false;
  #impossibleTimes = 0;
  #arrivedMs = Number.NEGATIVE_INFINITY;
  #cached: CachedSummaries | undefined;

  constructor({ baseline, ...options }: DashboardOptions = {}) {
    this.#store = new FactStore(options);
    this.#baseline = baseline;
  }

  /** An input that will report. `name` is the address as the user wrote it. */
  openInput(name: string, node: string): void {
    this.#inputs.open(name, node);
  }

  changeInput(name: string, change: InputChange): void {
    this.#inputs.change(name, change);
  }

  /** A fact of an input. One with an impossible time is counted and not taken. False when it was not taken. */
  add(input: string, fact: Fact, nowMs: number): boolean {
    this.#inputs.arrived(input, nowMs);
    this.#arrivedMs = nowMs;
    if (!(fact.timeMs >= earliestMs && fact.timeMs <= nowMs + mostAheadMs)) {
      this.#impossibleTimes++;
      this.#store.findings.add('warn', 'a time before 2000 or in the future: check the clock', nowMs, fact.node);
      return false;
    }
    if (Math.abs(nowMs - fact.timeMs) <= freshMs) this.#isLive = true;
    this.#store.add(fact);
    return true;
  }

  /** A finding that is not in the facts: a device was lost, a baseline has no such series. */
  find(severity: 'bad' | 'warn' | 'note', text: string, nowMs: number, node?: string): void {
    this.#store.findings.add(severity, text, nowMs, node);
  }

  /** The inputs as they are now, also while paused. */
  get inputs(): readonly InputView[] {
    return this.#inputs.all;
  }

  /** Compares with another baseline from now on, or with none. */
  compareWith(baseline: Baseline | undefined): void {
    this.#baseline = baseline;
  }

  get isPaused(): boolean {
    return this.#frozen !== undefined;
  }

  /** What is shown stays as it is, also under another window or filter. What comes is taken and counted. */
  pause(nowMs: number): void {
    this.#frozen ??= {
      store: this.#store.copy(),
      inputs: this.#inputs.copy(),
      atMs: nowMs,
      factsBefore: this.#store.facts,
    };
  }

  resume(): void {
    this.#frozen = undefined;
  }

  /**
   * Everything in words and figures, at `nowMs`. With 5,000 rows and more in the range, the figures of series may be a second old;
   * after `pause()` and `finish()` they are of exactly the rows of `rows()`.
   */
  view(options: ViewOptions, nowMs: number): DashboardView {
    const { store, inputs } = this.#shown(nowMs);
    const range = this.#range(options.window, nowMs);
    const matches = matcher(options.filter);
    const isOfNode = (of: string | undefined) => options.node === undefined || of === options.node;
    const all = this.#summaries(store, range, nowMs).map((summary) => this.#seriesView(summary));
    const series = all.filter(({ series: { node, name } }) => isOfNode(node) && matches(node, name));
    const headline = series.find((each) => seriesKey(each.series) === options.series) ?? series[0];
    const node = headline?.series.node ?? options.node;
    const gaugeOf = (kind: 'power' | 'tokens') => {
      const gauge = store.gauges.newest(kind, (each) => node === undefined || each.node === node);
      return gauge === undefined ? undefined : gaugeView(gauge, range.fromMs, range.toMs);
    };
    const [power, tokens] = [gaugeOf('power'), gaugeOf('tokens')];
    const runs = store.runs.all.filter(({ id, component, node: of }) => isOfNode(of) && matches(id, component, of));
    return {
      range,
      ...(this.#frozen === undefined
        ? {}
        : { paused: { atMs: this.#frozen.atMs, waiting: this.#store.facts - this.#frozen.factsBefore } }),
      isSimulated: [...store.nodes.values()].some(({ isSimulated }) => isSimulated),
      series,
      ...(headline === undefined ? {} : { headline }),
      ...(power === undefined ? {} : { power }),
      ...(tokens === undefined ? {} : { tokens }),
      runs: runs.reverse().map(runView),
      nodes: this.#nodes(store, all, range).filter(({ node: name }) => matches(name)),
      findings: this.#findings(store, inputs, all, nowMs).filter(
        ({ text, node: of }) => (of === undefined || isOfNode(of)) && matches(text, of ?? ''),
      ),
      inputs: inputs.all,
      ...(this.#baseline === undefined ? {} : { baseline: this.#baseline.name }),
      refusedLines: inputs.refusedLines + this.#impossibleTimes,
      forgotten: forgottenOf(store),
      facts: store.facts,
    };
  }

  /** The curves of the headline and of the power of its node, in `pixels` parts of the range. */
  chart(options: ViewOptions, nowMs: number, pixels: number): Chart {
    const { range, between, latency, power } = this.#curves(options, nowMs);
    return {
      range,
      latency: bandOf(latency.values, latency.rows, between, pixels),
      power: bandOf(power.values, power.rows, between, pixels),
    };
  }

  /** The figures of the headline and of the power of its node in `parts` equal parts of the range. */
  trends(options: ViewOptions, nowMs: number, parts: number): Trends {
    const { between, latency, power } = this.#curves(options, nowMs);
    return {
      latency: trendOf(latency.values, latency.rows, between, parts),
      power: trendOf(power.values, power.rows, between, parts),
    };
  }

  /** How often which latency of the headline, in at most `most` ranges. Undefined without a latency. */
  histogram(options: ViewOptions, nowMs: number, most: number): Histogram | undefined {
    const values: number[] = [];
    this.#eachRow(options, nowMs, (latencies, row) => {
      const latencyMs = latencies.latencyMs(row);
      if (!Number.isNaN(latencyMs)) values.push(latencyMs);
    });
    return histogram(values, most);
  }

  /** The newest `most` points of the headline that have a power. */
  scatter(options: ViewOptions, nowMs: number, most: number): Scatter {
    const { store } = this.#shown(nowMs);
    const [powerWatts, latencyMs]: [number[], number[]] = [[], []];
    let [of, oldest] = [0, 0];
    const rows: number[] = [];
    this.#eachRow(options, nowMs, (latencies, row) => {
      if (Number.isNaN(latencies.latencyMs(row))) return;
      of++;
      rows.push(row);
    });
    for (let at = rows.length - 1; at >= 0 && powerWatts.length < most; at--) {
      const row = rows[at] ?? 0;
      const power = powerAt(store, row);
      if (power === undefined) continue;
      powerWatts.push(power.watts);
      latencyMs.push(store.latencies.latencyMs(row));
      if (power.ageMs > oldest) oldest = power.ageMs;
    }
    const age = powerWatts.length === 0 ? {} : { oldestPowerMs: oldest };
    return { powerWatts: powerWatts.reverse(), latencyMs: latencyMs.reverse(), ...age, of };
  }

  /** Exactly the runs and frames that the view shows, oldest first, of all series that match the filter. */
  rows(options: ViewOptions, nowMs: number): readonly VisibleRow[] {
    const { store } = this.#shown(nowMs);
    const { fromMs, toMs } = this.#range(options.window, nowMs);
    const matches = matcher(options.filter);
    const [start, end] = store.latencies.range(fromMs, toMs);
    const rows: VisibleRow[] = [];
    for (let row = start; row < end; row++) {
      const made = visibleRow(store, row);
      if (made === undefined || !matches(made.series.node, made.series.name)) continue;
      if (options.node === undefined || made.series.node === options.node) rows.push(made);
    }
    return rows;
  }

  /** The newest `most` runs and frames with a latency, oldest first, and the time of the first fact. Not of a pause. */
  newestRows(most: number, nowMs: number): { readonly startMs: number; readonly rows: readonly VisibleRow[] } {
    if (this.#isLive) this.#store.settle(nowMs);
    const { latencies, oldestMs = nowMs } = this.#store;
    const rows: VisibleRow[] = [];
    const [, end] = latencies.range(0, Number.POSITIVE_INFINITY);
    for (let row = end - 1; row >= 0 && rows.length < most; row--) {
      const made = Number.isNaN(latencies.latencyMs(row)) ? undefined : visibleRow(this.#store, row);
      if (made !== undefined) rows.push(made);
    }
    return { startMs: oldestMs, rows: rows.reverse() };
  }

  /** No further facts come: frames that wait for a further stage were dropped, and the next figures are of all rows. */
  finish(): void {
    this.#cached = undefined;
    this.#store.settle(Number.POSITIVE_INFINITY);
  }

  /** All that was read as a baseline for another dashboard. */
  asBaseline(name: string): Baseline {
    const all = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
    this.finish();
    return { name, summaries: summaries(this.#store.latencies, ...all) };
  }

  #shown(nowMs: number): { readonly store: FactStore; readonly inputs: InputStates } {
    if (this.#frozen !== undefined) return this.#frozen;
    // Files of one recording are read one after the other: a frame of the first may be at its next stage in the second.
    if (this.#isLive) this.#store.settle(nowMs);
    else if (nowMs - this.#arrivedMs >= quietMs) this.#store.settle(this.#store.newestMs ?? nowMs);
    return { store: this.#store, inputs: this.#inputs };
  }

  #range(wanted: ViewWindow | undefined, nowMs: number): ViewRange {
    const store = this.#frozen?.store ?? this.#store;
    const atMs = this.#frozen?.atMs ?? nowMs;
    const { oldestMs, newestMs } = store;
    const window = wanted ?? (this.#isLive || oldestMs === undefined ? 60_000 : 'all');
    if (oldestMs === undefined || newestMs === undefined) {
      return { fromMs: atMs - (window === 'all' ? 60_000 : window), toMs: atMs, window, mode: 'waiting' };
    }
    const toMs = this.#isLive ? Math.max(atMs, newestMs) : newestMs;
    const fromMs = window === 'all' ? oldestMs : toMs - window;
    return { fromMs, toMs, window, mode: this.#isLive ? 'live' : 'recording', ageMs: Math.max(0, nowMs - newestMs) };
  }

  /** What charts and trends are of: the latencies of the headline, and the power of its node. */
  #curves(options: ViewOptions, nowMs: number): Curves {
    const { store } = this.#shown(nowMs);
    const range = this.#range(options.window, nowMs);
    const between = [range.fromMs, range.toMs] as const;
    const { latencies } = store;
    const number = this.#seriesNumber(options, nowMs);
    const node = number === undefined ? options.node : latencies.series[number]?.node;
    const gauge = store.gauges.newest('power', (each) => node === undefined || each.node === node)?.values;
    return {
      range,
      between,
      latency: {
        rows: number === undefined ? [0, 0] : latencies.range(...between),
        values: {
          timeMs: (row) => latencies.timeMs(row),
          value: (row) => (latencies.seriesNumber(row) === number ? latencies.latencyMs(row) : Number.NaN),
        },
      },
      power: {
        rows: gauge?.range(...between) ?? [0, 0],
        values: { timeMs: (row) => gauge?.time(row) ?? 0, value: (row) => gauge?.value(0, row) ?? Number.NaN },
      },
    };
  }

  #seriesNumber(options: ViewOptions, nowMs: number): number | undefined {
    const { store } = this.#shown(nowMs);
    const { series } = store.latencies;
    const chosen = series.findIndex(
      (each) => seriesKey(each) === options.series && (options.node === undefined || each.node === options.node),
    );
    if (chosen >= 0) return chosen;
    const matches = matcher(options.filter);
    const all = this.#summaries(store, this.#range(options.window, nowMs), nowMs);
    const isOfNode = (of: string) => options.node === undefined || of === options.node;
    const first = all.find(({ series: { node, name } }) => isOfNode(node) && matches(node, name));
    return first === undefined ? undefined : series.indexOf(first.series);
  }

  /** Where there are many rows, figures may be a second old: sorting tens of thousands for each frame would cost more than drawing. */
  #summaries(store: FactStore, { fromMs, toMs, window }: ViewRange, nowMs: number): readonly LatencySummary[] {
    const known = this.#cached;
    if (known !== undefined && known.store === store && known.window === window) {
      const isSame = known.added === store.latencies.added && known.toMs === toMs;
      const ageMs = nowMs - known.atMs;
      if (isSame || (known.rows >= manyRows && ageMs >= 0 && ageMs < manyRowsMs)) return known.made;
    }
    const [start, end] = store.latencies.range(fromMs, toMs);
    const made = summaries(store.latencies, fromMs, toMs);
    this.#cached = { store, window, toMs, added: store.latencies.added, rows: end - start, atMs: nowMs, made };
    return made;
  }

  #eachRow(options: ViewOptions, nowMs: number, take: (latencies: FactStore['latencies'], row: number) => void): void {
    const { store } = this.#shown(nowMs);
    const number = this.#seriesNumber(options, nowMs);
    const { fromMs, toMs } = this.#range(options.window, nowMs);
    const [start, end] = store.latencies.range(fromMs, toMs);
    for (let row = start; row < end; row++) {
      if (store.latencies.seriesNumber(row) === number) take(store.latencies, row);
    }
  }

  #seriesView(summary: LatencySummary): SeriesView {
    const { series, p95Ms } = summary;
    const before = baselineOf(series, this.#baseline);
    return {
      ...summary,
      ...(before === undefined ? {} : { delta: deltaOf(summary, before) }),
      ...(series.kind === 'pair' && p95Ms !== undefined ? { level: levelOf(p95Ms) } : {}),
    };
  }

  #nodes(store: FactStore, series: readonly SeriesView[], { toMs }: ViewRange): readonly NodeView[] {
    const found = store.findings.all;
    return [...store.nodes.values()].map(({ node, lastMs, facts, isSimulated }) => {
      const main = series.find((each) => each.series.node === node);
      const values = store.gauges.powerOf(node)?.values;
      const last = values === undefined ? -1 : values.range(toMs, toMs)[1] - 1;
      const figures = {
        powerWatts: last < 0 ? undefined : values?.value(0, last),
        powerAgeMs: last < 0 || values === undefined ? undefined : toMs - values.time(last),
        p95Ms: main?.p95Ms,
        p95Series: main?.series.name,
        joules: main?.joules,
      };
      const measured = Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
      const findings = found.filter((each) => each.node === node && each.severity !== 'note').length;
      return { node, ageMs: Math.max(0, toMs - lastMs), facts, findings, isSimulated, ...measured };
    });
  }

  /** What was found in facts and inputs, and what the comparison with the baseline shows now. */
  #findings(
    store: FactStore,
    inputs: InputStates,
    series: readonly SeriesView[],
    nowMs: number,
  ): DashboardView['findings'] {
    const at = { firstMs: nowMs, lastMs: nowMs };
    const slower = series.flatMap(({ series: { name, node }, delta }) => {
      if (delta?.word !== 'slower' || delta.p95Ratio === undefined) return [];
      const change = `${Math.round((delta.p95Ratio - 1) * 100)} % slower than the baseline`;
      const text = `${name}: p95 is ${change} (n ${delta.n} against ${delta.baselineN})`;
      return [{ severity: 'bad' as const, text, node, ...at, count: 1 }];
    });
    const troubles = inputs.all.flatMap(({ name, node, condition, reason, refused, clock }) => [
      ...(reason === undefined
        ? []
        : [{ severity: 'warn' as const, text: `${name}: ${condition}. ${reason}`, node, ...at, count: 1 }]),
      ...(refused === undefined
        ? []
        : [
            {
              severity: 'warn' as const,
              text: `${name}: lines refused, the latest: ${refused.reason}`,
              node,
              ...at,
              count: refused.count,
            },
          ]),
      ...(clock === 'unknown'
        ? [
            {
              severity: 'note' as const,
              text: `${name}: its clock is of another host, so its times count from their arrival`,
              node,
              ...at,
              count: 1,
            },
          ]
        : []),
    ]);
    return [...slower, ...troubles, ...store.findings.all].sort(
      (a, b) => severityOrder[a.severity] - severityOrder[b.severity],
    );
  }
}

/** Green, yellow and red as words. */
export function levelOf(latencyMs: number): Level {
  if (latencyMs < thresholdsMs.good) return 'good';
  return latencyMs <= thresholdsMs.bad ? 'slow' : 'bad';
}

/** The series of the baseline: of the same node, else of the only node that has it. */
function baselineOf({ kind, node, name }: Series, baseline: Baseline | undefined): LatencySummary | undefined {
  const same = baseline?.summaries.filter(({ series }) => series.kind === kind && series.name === name) ?? [];
  return same.find(({ series }) => series.node === node) ?? (same.length === 1 ? same[0] : undefined);
}

function matcher(filter: string | undefined): (...texts: readonly string[]) => boolean {
  const wanted = filter?.trim().toLowerCase() ?? '';
  return (...texts) => wanted === '' || texts.some((text) => text.toLowerCase().includes(wanted));
}

function forgottenOf({ latencies, gauges, runs, findings, refused }: FactStore): number {
  return latencies.forgotten + latencies.refused + gauges.refused + runs.forgotten + findings.forgotten + refused;
}
