/** How the readings of a stream go together: each alone, totals since a start, or what was added since the one before. */
export type Counting = 'latest' | 'total' | 'added';

/** What one export or one page has of a stream. */
export interface StreamReading {
  /** Of a histogram or summary its count. */
  readonly value: number;
  readonly sum?: number;
  readonly exemplars: number;
  /** CLOCK_MONOTONIC of this host, ns. */
  readonly timeNs: number;
  /** Since when it counts. */
  readonly startNs?: number;
}

/** Two times of one instant differ by the error with which the clocks were compared: below this. */
const sameInstantNs = 1_000_000;

/** The readings of one series of one process. */
export class Stream {
  readonly counting: Counting;
  /** Values of several processes are added up. Of other series, the newest counts. */
  readonly isAdditive: boolean;
  exemplars = 0;
  first = 0;
  readings = 0;
  #newest: StreamReading | undefined;
  /** Of `added`: all of them; of `total`: what earlier starts had counted, and what was there at the first reading. */
  #growth = 0;
  #sum: number | undefined;
  readonly #countsFromZero: boolean;

  /** @param countsFromZero whether the first reading grew from 0 while it was observed */
  constructor(counting: Counting, isAdditive: boolean, countsFromZero: boolean) {
    this.counting = counting;
    this.isAdditive = isAdditive;
    this.#countsFromZero = countsFromZero || counting === 'added';
  }

  /** False where the reading is an earlier one, sent again. */
  add(reading: StreamReading): boolean {
    const before = this.#newest;
    if (before !== undefined && this.#isRepeated(before, reading)) return false;
    this.exemplars = Math.max(this.exemplars, reading.exemplars);
    this.readings += 1;
    if (this.counting === 'added') {
      this.#growth += reading.value;
      if (reading.sum !== undefined) this.#sum = (this.#sum ?? 0) + reading.sum;
    } else {
      this.#growth += grownBy(before, reading, this.#countsFromZero);
      this.#sum = reading.sum;
    }
    this.#newest = reading;
    if (before === undefined) this.first = this.value;
    return true;
  }

  get value(): number {
    return this.counting === 'added' ? this.#growth : (this.#newest?.value ?? Number.NaN);
  }

  get timeNs(): number {
    return this.#newest?.timeNs ?? 0;
  }

  get sum(): number | undefined {
    return this.#sum;
  }

  /** Undefined where one reading alone is known, of a program that ran before it was observed. */
  get growth(): number | undefined {
    return this.#countsFromZero || this.readings > 1 ? this.#growth : undefined;
  }

  /**
   * An exporter that got no answer in time sends its request again. The times of both have one error, so the length of
   * what they count is exact. A total that is smaller and earlier, with the same start, was overtaken.
   */
  #isRepeated(before: StreamReading, { value, sum, timeNs, startNs }: StreamReading): boolean {
    if (this.counting === 'latest') return false;
    if (this.counting === 'total') return value < before.value && timeNs < before.timeNs && !isReset(before, startNs);
    const isSameTime = Math.abs(timeNs - before.timeNs) < sameInstantNs;
    const isSameLength = startNs !== undefined && timeNs - startNs === before.timeNs - (before.startNs ?? Number.NaN);
    return isSameTime && isSameLength && value === before.value && sum === before.sum;
  }
}

function grownBy(before: StreamReading | undefined, { value, startNs }: StreamReading, fromZero: boolean): number {
  if (before === undefined) return fromZero ? value : 0;
  return value < before.value || isReset(before, startNs) ? value : value - before.value;
}

/** A count that began after the reading before does not hold what that one had. */
function isReset(before: StreamReading, startNs: number | undefined): boolean {
  return startNs !== undefined && startNs >= before.timeNs;
}
