import { type Series, SeriesNumbers } from './series.ts';
import { TimeColumns } from './timeColumns.ts';

/** How a run or a frame ended. */
export type Outcome = 'ok' | 'failed' | 'dropped';

/** One run or one frame. What was not measured is absent. */
export interface Latency {
  readonly series: Series;
  /** When it completed, or was given up. */
  readonly timeMs: number;
  readonly outcome: Outcome;
  /** Absent for a dropped frame, and for a run whose launch is not known. */
  readonly latencyMs?: number;
  readonly powerWatts?: number;
  readonly powerAgeMs?: number;
  readonly energyJoules?: number;
  /** By frame id or correlation id. False: by order of time. */
  readonly isExact: boolean;
  readonly isSimulated: boolean;
}

const outcomes: readonly Outcome[] = ['ok', 'failed', 'dropped'];
const columns = { series: 0, latency: 1, outcome: 2, power: 3, age: 4, energy: 5, marks: 6 } as const;
const width = 7;
const simulatedMark = 1;
const byOrderMark = 2;
/** Series that are kept apart. 10,000 stages are refused at the pairing already, at 64 a node. */
const mostSeries = 512;
/** Rows unless the caller sets another bound: 15 minutes at 72 a second, in 4 MB. */
const mostLatencies = 65_536;

/** Runs and frames in the order of time, within a bound. */
export class Latencies {
  /** Rows that ever came. */
  added = 0;
  readonly #numbers: SeriesNumbers;
  readonly #rows: TimeColumns;

  constructor(
    most: number = mostLatencies,
    numbers: SeriesNumbers = new SeriesNumbers(mostSeries),
    rows?: TimeColumns,
  ) {
    this.#numbers = numbers;
    this.#rows = rows ?? new TimeColumns(width, most);
  }

  get length(): number {
    return this.#rows.length;
  }

  /** Rows of series beyond the bound. */
  get refused(): number {
    return this.#numbers.refused;
  }

  /** Rows that went because of the bound. */
  get forgotten(): number {
    return this.#rows.forgotten;
  }

  get series(): readonly Series[] {
    return this.#numbers.all;
  }

  add({
    series,
    timeMs,
    outcome,
    latencyMs,
    powerWatts,
    powerAgeMs,
    energyJoules,
    isExact,
    isSimulated,
  }: Latency): void {
    const number = this.#numbers.of(series);
    if (number === undefined) return;
    this.added++;
    const marks = (isSimulated ? simulatedMark : 0) | (isExact ? 0 : byOrderMark);
    const [latency, power] = [latencyMs ?? Number.NaN, powerWatts ?? Number.NaN];
    const [age, energy] = [powerAgeMs ?? Number.NaN, energyJoules ?? Number.NaN];
    this.#rows.add(timeMs, number, latency, outcomes.indexOf(outcome), power, age, energy, marks);
  }

  range(fromMs: number, toMs: number): readonly [start: number, end: number] {
    return this.#rows.range(fromMs, toMs);
  }

  timeMs(row: number): number {
    return this.#rows.time(row);
  }

  /** The place of its series in `series`. */
  seriesNumber(row: number): number {
    return this.#rows.value(columns.series, row);
  }

  /** NaN where it is absent. */
  latencyMs(row: number): number {
    return this.#rows.value(columns.latency, row);
  }

  outcome(row: number): Outcome {
    return outcomes[this.#rows.value(columns.outcome, row)] ?? 'ok';
  }

  /** NaN where it was not stated with the row. */
  powerWatts(row: number): number {
    return this.#rows.value(columns.power, row);
  }

  powerAgeMs(row: number): number {
    return this.#rows.value(columns.age, row);
  }

  energyJoules(row: number): number {
    return this.#rows.value(columns.energy, row);
  }

  isSimulated(row: number): boolean {
    return (this.#rows.value(columns.marks, row) & simulatedMark) !== 0;
  }

  isByOrder(row: number): boolean {
    return (this.#rows.value(columns.marks, row) & byOrderMark) !== 0;
  }

  copy(): Latencies {
    return new Latencies(undefined, this.#numbers.copy(), this.#rows.copy());
  }
}
