import type { EndedSpan } from '@benchlab-otel/core';

/** Calls that are kept: 7 MB of numbers. */
const defaultMaxCalls = 200_000;
const firstCapacity = 1024;

/** One call, as numbers. `operation` is an index of `OperationNames`. */
export interface RecentCall {
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly operation: number;
  readonly startNs: number;
  readonly endNs: number;
}

/** The calls since the last `take`, as numbers: spans would keep their attributes alive. */
export class RecentCalls {
  /** All since the last `take`, also those beyond the bound. */
  count = 0;
  readonly #maxCalls: number;
  #capacity = firstCapacity;
  #times = new Float64Array(2 * firstCapacity);
  #ids = new Uint32Array(4 * firstCapacity);
  #operations = new Uint16Array(firstCapacity);

  constructor(maxCalls: number = defaultMaxCalls) {
    this.#maxCalls = maxCalls;
  }

  add({ spanId, parentSpanId, startNs, endNs }: EndedSpan, operation: number): void {
    const k = this.count++;
    if (k >= this.#maxCalls) return;
    if (k >= this.#capacity) this.#grow();
    this.#times[2 * k] = startNs;
    this.#times[2 * k + 1] = endNs;
    this.#operations[k] = operation;
    this.#putId(4 * k, spanId);
    this.#putId(4 * k + 2, parentSpanId ?? '');
  }

  /** The calls; undefined where there were more than are kept. Begins again. */
  take(): readonly RecentCall[] | undefined {
    const count = this.count;
    this.count = 0;
    if (count > this.#maxCalls) return undefined;
    return Array.from({ length: count }, (_, k) => {
      const parent = this.#idAt(4 * k + 2);
      return {
        spanId: this.#idAt(4 * k),
        ...(parent === '0.0' ? {} : { parentSpanId: parent }),
        operation: this.#operations[k] ?? 0,
        startNs: this.#times[2 * k] ?? Number.NaN,
        endNs: this.#times[2 * k + 1] ?? Number.NaN,
      };
    });
  }

  /** Sixteen hexadecimal digits as two numbers of 32 bits; what is not hexadecimal counts as 0. */
  #putId(place: number, id: string): void {
    this.#ids[place] = Number.parseInt(id.slice(0, 8), 16);
    this.#ids[place + 1] = Number.parseInt(id.slice(8, 16), 16);
  }

  #idAt(place: number): string {
    return `${this.#ids[place]}.${this.#ids[place + 1]}`;
  }

  #grow(): void {
    this.#capacity = Math.min(2 * this.#capacity, this.#maxCalls);
    const [times, ids, operations] = [this.#times, this.#ids, this.#operations];
    this.#times = new Float64Array(2 * this.#capacity);
    this.#ids = new Uint32Array(4 * this.#capacity);
    this.#operations = new Uint16Array(this.#capacity);
    this.#times.set(times);
    this.#ids.set(ids);
    this.#operations.set(operations);
  }
}
