import type { SimulatedCalls } from './simulatedCalls.ts';

/** A step function of time, its value and its integral. */
export class StepPower {
  readonly #values: Float64Array;
  readonly #sums: Float64Array;
  readonly #part: number;

  constructor(values: Float64Array, part: number) {
    this.#values = values;
    this.#part = part;
    this.#sums = new Float64Array(values.length + 1);
    values.forEach((value, i) => {
      this.#sums[i + 1] = (this.#sums[i] ?? 0) + value * part;
    });
  }

  at(t: number): number {
    return this.#values[Math.min(this.#values.length - 1, Math.floor(t / this.#part))] ?? 0;
  }

  integral(from: number, to: number): number {
    return this.#upTo(to) - this.#upTo(from);
  }

  #upTo(t: number): number {
    const i = Math.min(this.#values.length - 1, Math.floor(t / this.#part));
    return (this.#sums[i] ?? 0) + (this.#values[i] ?? 0) * (t - i * this.#part);
  }
}

/** Power of calls that never overlap, its value and its integral. */
export class CallPower {
  readonly #calls: SimulatedCalls;
  readonly #watts: readonly number[];
  readonly #sums: number[] = [0];

  constructor(calls: SimulatedCalls, watts: readonly number[]) {
    this.#calls = calls;
    this.#watts = watts;
    let sum = 0;
    calls.starts.forEach((start, k) => {
      sum += (watts[k] ?? 0) * ((calls.ends[k] ?? 0) - start);
      this.#sums.push(sum);
    });
  }

  at(t: number): number {
    const k = this.#startedBy(t) - 1;
    return k >= 0 && t < (this.#calls.ends[k] ?? 0) ? (this.#watts[k] ?? 0) : 0;
  }

  integral(from: number, to: number): number {
    return this.#upTo(to) - this.#upTo(from);
  }

  #upTo(t: number): number {
    const k = this.#startedBy(t) - 1;
    if (k < 0) return 0;
    const seconds = Math.min(t, this.#calls.ends[k] ?? 0) - (this.#calls.starts[k] ?? 0);
    return (this.#sums[k] ?? 0) + (this.#watts[k] ?? 0) * seconds;
  }

  #startedBy(t: number): number {
    const { starts } = this.#calls;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) > t) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
