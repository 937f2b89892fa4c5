import { bandOf } from './bands.ts';
import type { Baseline } from './baseline.ts';
import type { Chart, Trends } from './charts.ts';
import { type Curves, curvesOf } from './curves.ts';
import type { Fact } from './fact.ts';
import { FactStore, type FactStoreOptions } from './factStore.ts';
import { FigureCache } from './figureCache.ts';
import { findingViews } from './findingViews.ts';
import { type FlowPlan, flowView } from './flowView.ts';
import { gaugeView } from './gaugeView.ts';
import { type Histogram, histogram } from './histogram.ts';
import { type InputChange, InputStates, type InputView } from './inputStates.ts';
import { quietMs } from './livePairs.ts';
import { nodeViews } from './nodeViews.ts';
import { type VisibleRow, visibleRow } from './rows.ts';
import { runView } from './runView.ts';
import { type Scatter, scatterOf } from './scatter.ts';
import { seriesKey } from './series.ts';
import { seriesView } from './seriesView.ts';
import { type LatencySummary, summaries } from './summary.ts';
import { trendOf } from './trend.ts';
import type { DashboardView, ViewRange, ViewWindow } from './view.ts';
import { choiceOf, type ViewOptions } from './viewOptions.ts';

export interface DashboardOptions extends FactStoreOptions {
  readonly baseline?: Baseline;
  /** What the steps of a flow are: their texts and targets. */
  readonly flow?: FlowPlan;
}

/** A fact within this time of now makes the view a live one, ms: after that it ends now also when the stream stops. */
const freshMs = 10_000;
/** Facts further in the future than this are refused, ms: clocks of hosts differ by less. */
const mostAheadMs = 60_000;
/** Times before the year 2000 come from clocks that were never set. */
const earliestMs = Date.UTC(2000, 0, 1);
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
  readonly #plan: FlowPlan | undefined;
  #frozen: { store: FactStore; inputs: InputStates; atMs: number; factsBefore: number } | undefined;
  #isLive = false;
  #impossibleTimes = 0;
  #arrivedMs = Number.NEGATIVE_INFINITY;
  readonly #figures = new FigureCache();

  constructor({ baseline, flow, ...options }: DashboardOptions = {}) {
    this.#store = new FactStore(options);
    this.#baseline = baseline;
    this.#plan = flow;
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

  /**
   * More facts may be on their way at `nowMs`: frames of a recording that wait for a further stage go on waiting. For callers that
   * state times of arrival which are not now, as a page does that gets what a server took before.
   */
  delivering(nowMs: number): void {
    this.#arrivedMs = nowMs;
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
   * Everything in words and figures, at `nowMs`. With 5,000 rows and more in the range, the figures of series, trends, histogram and
   * scatter may be a second old;
   * after `pause()` and `finish()` they are of exactly the rows of `rows()`.
   */
  view(options: ViewOptions, nowMs: number): DashboardView {
    const { store, inputs } = this.#shown(nowMs);
    const range = this.#range(options.window, nowMs);
    const { isOfNode, matches } = choiceOf(options);
    const all = this.#summaries(store, range, nowMs).map((summary) => seriesView(summary, this.#baseline));
    const series = all.filter(({ series: { node, name } }) => isOfNode(node) && matches(node, name));
    const headline = series.find((each) => seriesKey(each.series) === options.series) ?? series[0];
    const node = headline?.series.node ?? options.node;
    const gaugeOf = (kind: 'power' | 'tokens') => {
      const gauge = store.gauges.newest(kind, (each) => node === undefined || each.node === node);
      return gauge === undefined ? undefined : gaugeView(gauge, range.fromMs, range.toMs);
    };
    const [power, tokens] = [gaugeOf('power'), gaugeOf('tokens')];
    const findings = findingViews(store.findings.all, inputs.all, all, Math.min(nowMs, range.toMs));
    const flow = this.#flow(store, all, isOfNode, range.toMs);
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
      ...(flow === undefined ? {} : { flow }),
      runs: runs.reverse().map(runView),
      nodes: nodeViews(store, all, findings, range.toMs).filter(({ node: name }) => matches(name)),
      findings: findings.filter(({ text, node: of }) => (of === undefined || isOfNode(of)) && matches(text, of ?? '')),
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
    return this.#kept(`trends ${parts}`, options, nowMs, () => {
      const { between, latency, power } = this.#curves(options, nowMs);
      return {
        latency: trendOf(latency.values, latency.rows, between, parts),
        power: trendOf(power.values, power.rows, between, parts),
      };
    });
  }

  /** How often which latency of the headline, in at most `most` ranges. Undefined without a latency. */
  histogram(options: ViewOptions, nowMs: number, most: number): Histogram | undefined {
    return this.#kept(`histogram ${most}`, options, nowMs, () => {
      const values: number[] = [];
      this.#eachRow(options, nowMs, (latencies, row) => {
        const latencyMs = latencies.latencyMs(row);
        if (!Number.isNaN(latencyMs)) values.push(latencyMs);
      });
      return histogram(values, most);
    });
  }

  /** The newest `most` points of the headline that have a power. */
  scatter(options: ViewOptions, nowMs: number, most: number): Scatter {
    return this.#kept(`scatter ${most}`, options, nowMs, () => {
      const rows: number[] = [];
      this.#eachRow(options, nowMs, (latencies, row) => {
        if (!Number.isNaN(latencies.latencyMs(row))) rows.push(row);
      });
      return scatterOf(this.#shown(nowMs).store, rows, most);
    });
  }

  /** Exactly the runs and frames that the view shows, oldest first, of all series that match the filter. */
  rows(options: ViewOptions, nowMs: number): readonly VisibleRow[] {
    const { store } = this.#shown(nowMs);
    const { fromMs, toMs } = this.#range(options.window, nowMs);
    const { isOfNode, matches } = choiceOf(options);
    const [start, end] = store.latencies.range(fromMs, toMs);
    const rows: VisibleRow[] = [];
    for (let row = start; row < end; row++) {
      const made = visibleRow(store, row);
      if (made === undefined || !matches(made.series.node, made.series.name)) continue;
      if (isOfNode(made.series.node)) rows.push(made);
    }
    return rows;
  }

  /** The newest `most` runs and frames with a latency, oldest first, and the time of the first fact. Not of a pause. */
  newestRows(most: number, nowMs: number): { readonly startMs: number; readonly rows: readonly VisibleRow[] } {
    if (this.#isLive) this.#store.settleLive(nowMs);
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
    this.#figures.forget();
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
    if (this.#isLive) this.#store.settleLive(nowMs);
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

  /** Steps are judged by the frames of their node: those of the pair of stages with the most of them. */
  #flow(store: FactStore, all: readonly LatencySummary[], isOfNode: (node: string) => boolean, toMs: number) {
    const marks = store.flow.all.filter(({ node }) => isOfNode(node));
    const node = marks.at(-1)?.node;
    const pair = all.find(({ series }) => series.kind === 'pair' && series.node === node)?.series;
    const number = pair === undefined ? undefined : store.latencies.series.indexOf(pair);
    return flowView(marks, this.#plan, store.latencies, number, toMs);
  }

  /** What charts and trends are of: the latencies of the headline, and the power of its node. */
  #curves(options: ViewOptions, nowMs: number): Curves {
    const { store } = this.#shown(nowMs);
    const range = this.#range(options.window, nowMs);
    return curvesOf(store, range, this.#seriesNumber(options, nowMs), options.node);
  }

  #summaries(store: FactStore, range: ViewRange, nowMs: number): readonly LatencySummary[] {
    return this.#figures.of('summaries', store, range, nowMs, () =>
      summaries(store.latencies, range.fromMs, range.toMs),
    );
  }

  /** Figures of one series, a second old at most where there are many rows. */
  #kept<Figures>(kind: string, options: ViewOptions, nowMs: number, make: () => Figures): Figures {
    const { store } = this.#shown(nowMs);
    const key = JSON.stringify([kind, this.#seriesNumber(options, nowMs), options.node]);
    return this.#figures.of(key, store, this.#range(options.window, nowMs), nowMs, make);
  }

  #seriesNumber(options: ViewOptions, nowMs: number): number | undefined {
    const { store } = this.#shown(nowMs);
    const { series } = store.latencies;
    const { isOfNode, matches } = choiceOf(options);
    const chosen = series.findIndex((each) => seriesKey(each) === options.series && isOfNode(each.node));
    if (chosen >= 0) return chosen;
    const all = this.#summaries(store, this.#range(options.window, nowMs), nowMs);
    const first = all.find(({ series: { node, name } }) => isOfNode(node) && matches(node, name));
    return first === undefined ? undefined : series.indexOf(first.series);
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
}

function forgottenOf({ latencies, gauges, runs, findings, flow, refused }: FactStore): number {
  return (
    flow.forgotten +
    latencies.forgotten +
    latencies.refused +
    gauges.refused +
    runs.forgotten +
    findings.forgotten +
    refused
  );
}
