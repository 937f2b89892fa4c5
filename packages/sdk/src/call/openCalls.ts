import { shared } from './shared.ts';
import { apply, type Body, type ClosedBy, type Watch } from './watch.ts';

/** Calls that may wait for the end of one object. A method may return the same endless stream at every call. */
const maxWatches = 16;

/** All that have not ended, so that a shutdown can close them. One that is collected leaves. */
const open = /* @__PURE__ */ shared('open', new Set<OpenCalls>());
const collected = /* @__PURE__ */ new FinalizationRegistry<OpenCalls>((calls) => calls.close('collected'));

/**
 * The watches of the calls that have returned one object, as one watch, whose end is reported once. It does not hold the
 * object: when no other code can use the object, its work has no end to wait for.
 */
export class OpenCalls implements Watch {
  readonly wantsEnd = true;
  #watches: Watch[] | undefined;

  constructor(result: object, first: Watch) {
    this.#watches = [first];
    open.add(this);
    collected.register(result, this, this);
  }

  get areOver(): boolean {
    return this.#watches === undefined;
  }

  join(watch: Watch): boolean {
    return this.#watches !== undefined && this.#watches.length < maxWatches && this.#watches.push(watch) > 0;
  }

  /** The first watch is the innermost: a decorator beneath another one gets the result first. */
  step(body: Body, self: unknown, args: readonly unknown[]): unknown {
    const around = (inner: Body, watch: Watch): Body =>
      function (...more) {
        return watch.step(inner, this, more);
      };
    return apply((this.#watches ?? []).reduce(around, body), self, args);
  }

  returned(value: unknown): void {
    this.#over((watch) => watch.returned(value));
  }

  end(): void {
    this.#over((watch) => watch.end());
  }

  fail(error: unknown): void {
    this.#over((watch) => watch.fail(error));
  }

  close(by: ClosedBy): void {
    this.#over((watch) => watch.close(by));
  }

  /** Nothing ends any more: the object cannot be followed. */
  forget(): void {
    this.#over(() => {});
  }

  #over(report: (watch: Watch) => void): void {
    const watches = this.#watches ?? [];
    this.#watches = undefined;
    open.delete(this);
    collected.unregister(this);
    watches.forEach(report);
  }
}

/**
 * Ends the spans and points of all calls whose results have not ended: never-ending streams, queries that were never
 * started. For the code that shuts an SDK down, before it does; their spans carry `benchlab.call.closed_by`.
 */
export function closeOpenCalls(): void {
  for (const calls of open) calls.close('shutdown');
}
