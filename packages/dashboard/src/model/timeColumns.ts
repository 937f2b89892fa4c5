/** Rows that a ring begins with. It doubles up to its bound. */
const firstRows = 256;
/** Streams mix by some rows: such a row is put in its place at once. One that is further back waits for the next question. */
const mostShift = 64;

/**
 * Rows of numbers in the order of time, in columns, with a bound: beyond it the oldest row goes. NaN stands for absent. Rows
 * may come in any order: two recordings that are read one after the other are sorted when they are asked for.
 */
export class TimeColumns {
  /** Rows that went because of the bound. */
  forgotten = 0;
  readonly #most: number;
  readonly #width: number;
  #columns: Float64Array[];
  #capacity: number;
  #start = 0;
  #length = 0;
  #isUnsorted = false;

  /**
   * @param width numbers of a row besides its time
   * @param most rows, a power of two
   */
  constructor(width: number, most: number) {
    this.#most = most;
    this.#width = width;
    this.#capacity = Math.min(firstRows, most);
    this.#columns = Array.from({ length: width + 1 }, () => new Float64Array(this.#capacity));
  }

  get length(): number {
    return this.#length;
  }

  /** Time of the newest row, ms. Undefined without rows. */
  get newestMs(): number | undefined {
    this.#sort();
    return this.#length === 0 ? undefined : this.time(this.#length - 1);
  }

  /** Time of a row, ms. Rows are numbered from 0, the oldest, as `range()` and `nearest()` give them until the next `add()`. */
  time(row: number): number {
    return this.#get(0, row);
  }

  value(column: number, row: number): number {
    return this.#get(column + 1, row);
  }

  add(timeMs: number, ...values: readonly number[]): void {
    if (this.#length === this.#most) this.#forget();
    else if (this.#length === this.#capacity) this.#grow();
    const row = this.#rowFor(timeMs);
    this.#length++;
    for (let to = this.#length - 1; to > row; to--) this.#move(to - 1, to);
    const place = this.#at(row);
    this.#set(0, place, timeMs);
    for (let column = 0; column < this.#width; column++) this.#set(column + 1, place, values[column] ?? Number.NaN);
  }

  /** The rows from `fromMs` to `toMs`, both included: the first, and the one after the last. */
  range(fromMs: number, toMs: number): readonly [start: number, end: number] {
    return [this.firstAtOrAfter(fromMs), this.#search((timeMs) => timeMs > toMs)];
  }

  firstAtOrAfter(timeMs: number): number {
    return this.#search((each) => each >= timeMs);
  }

  /** The row whose time is nearest, or undefined when there are no rows. */
  nearest(timeMs: number): number | undefined {
    if (this.#length === 0) return undefined;
    const after = Math.min(this.firstAtOrAfter(timeMs), this.#length - 1);
    if (after === 0) return 0;
    return timeMs - this.time(after - 1) <= this.time(after) - timeMs ? after - 1 : after;
  }

  copy(): TimeColumns {
    this.#sort();
    const made = new TimeColumns(this.#width, this.#most);
    made.#columns = this.#columns.map((column) => column.slice());
    made.#capacity = this.#capacity;
    made.#start = this.#start;
    made.#length = this.#length;
    made.forgotten = this.forgotten;
    return made;
  }

  /** Where a row of this time goes, or the end when that is too far back: the rows are sorted at the next question. */
  #rowFor(timeMs: number): number {
    if (this.#isUnsorted) return this.#length;
    let row = this.#length;
    while (row > 0 && this.time(row - 1) > timeMs) {
      row--;
      if (this.#length - row <= mostShift) continue;
      this.#isUnsorted = true;
      return this.#length;
    }
    return row;
  }

  #forget(): void {
    this.#start = this.#at(1);
    this.#length--;
    this.forgotten++;
  }

  #sort(): void {
    if (!this.#isUnsorted) return;
    this.#isUnsorted = false;
    const places = Array.from({ length: this.#length }, (_, row) => this.#at(row));
    const [times = new Float64Array()] = this.#columns;
    places.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
    this.#columns = this.#columns.map((column) => {
      const sorted = new Float64Array(this.#capacity);
      for (const [row, place] of places.entries()) sorted[row] = column[place] ?? Number.NaN;
      return sorted;
    });
    this.#start = 0;
  }

  #search(isAfter: (timeMs: number) => boolean): number {
    this.#sort();
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAfter(this.time(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #grow(): void {
    const grown = this.#columns.map((column) => {
      const larger = new Float64Array(this.#capacity * 2);
      larger.set(column.subarray(this.#start));
      larger.set(column.subarray(0, this.#start), this.#capacity - this.#start);
      return larger;
    });
    this.#columns = grown;
    this.#capacity *= 2;
    this.#start = 0;
  }

  #at(row: number): number {
    return (this.#start + row) & (this.#capacity - 1);
  }

  #get(column: number, row: number): number {
    return this.#columns[column]?.[this.#at(row)] ?? Number.NaN;
  }

  #set(column: number, place: number, value: number): void {
    const numbers = this.#columns[column];
    if (numbers !== undefined) numbers[place] = value;
  }

  #move(from: number, to: number): void {
    const [source, place] = [this.#at(from), this.#at(to)];
    for (const column of this.#columns) column[place] = column[source] ?? Number.NaN;
  }
}
