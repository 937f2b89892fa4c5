import type { StageRejection } from '@benchlab-otel/core';

/** Counts what came to a recorder and did not become a line, of all its sources together. */
export class RefusedInput {
  /** Each source counts from its own start. */
  readonly #bySource = new Map<string, number>();
  #here = 0;
  #reason = '';

  /** A source has refused lines: `count` of them so far. */
  bySource({ source, reason, count }: StageRejection): void {
    this.#bySource.set(source, count);
    this.#reason = `${source}: ${reason}`;
  }

  /** The recorder has refused a sample or an event. */
  here(reason: string): void {
    this.#here++;
    this.#reason = reason;
  }

  /** How many there are, and the latest reason. Undefined without one. */
  get all(): { readonly count: number; readonly reason: string } | undefined {
    const count = [...this.#bySource.values()].reduce((sum, each) => sum + each, this.#here);
    return count === 0 ? undefined : { count, reason: this.#reason };
  }
}
