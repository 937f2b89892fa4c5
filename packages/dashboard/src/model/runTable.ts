import type { EventFact } from './fact.ts';

/** What is known of the runs with one correlation id. */
export interface Run {
  readonly id: string;
  readonly node: string;
  readonly component: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly launches: number;
  readonly completions: number;
  /** Completions with an error. */
  readonly failures: number;
  /** Latencies of the newest completions, ms, oldest first. */
  readonly latenciesMs: readonly number[];
  readonly kernelVariant?: string;
  readonly tokensPerSecond?: number;
  readonly errorType?: string;
  readonly simulated: boolean;
}

type OpenRun = {
  -readonly [Field in keyof Run]: Run[Field];
};

/** A completion, with the launch that it belongs to. */
export interface Completion {
  readonly fact: EventFact;
  /** From launch to completion, ms. Absent where no launch is known. */
  readonly latencyMs?: number;
}

/** Correlation ids that are kept; the one that was silent for the longest time goes first. */
const mostRuns = 1_000;
/** Launches of one id that wait for a completion: the oldest goes first. */
const mostOpen = 64;
/** Latencies of one id that its percentiles are made of. */
const mostLatencies = 256;

/** The runs of an event stream, by node and correlation id. */
export class RunTable {
  /** Ids that were forgotten because of the bound. */
  forgotten = 0;
  readonly #runs = new Map<string, OpenRun>();
  /** Times of launches without a completion, by run and component. */
  readonly #open = new Map<string, Map<string, number[]>>();

  get all(): readonly Run[] {
    return [...this.#runs.values()];
  }

  /** Takes an event that has a correlation id. Returns what it completes. */
  add(fact: EventFact, id: string): Completion | undefined {
    const key = JSON.stringify([fact.node, id]);
    const run = this.#runs.get(key) ?? this.#newRun(fact, id);
    // The order of the map is that of the latest events.
    this.#runs.delete(key);
    this.#runs.set(key, run);
    run.lastMs = Math.max(run.lastMs, fact.timeMs);
    run.simulated ||= fact.simulated === true;
    if (fact.kernelVariant !== undefined) run.kernelVariant = fact.kernelVariant;
    if (fact.tokensPerSecond !== undefined) run.tokensPerSecond = fact.tokensPerSecond;
    if (fact.event === 'launch') this.#launch(key, run, fact);
    return fact.event === 'completion' ? this.#complete(key, run, fact) : undefined;
  }

  copy(): RunTable {
    const made = new RunTable();
    made.forgotten = this.forgotten;
    for (const [key, run] of this.#runs) made.#runs.set(key, { ...run, latenciesMs: [...run.latenciesMs] });
    return made;
  }

  #launch(key: string, run: OpenRun, { component, timeMs }: EventFact): void {
    run.launches++;
    const open = this.#open.get(key) ?? new Map<string, number[]>();
    this.#open.set(key, open);
    const times = open.get(component) ?? [];
    if (times.length === 0 && open.size >= mostOpen) return;
    open.set(component, times);
    times.push(timeMs);
    if (times.length > mostOpen) times.shift();
  }

  #complete(key: string, run: OpenRun, fact: EventFact): Completion {
    run.completions++;
    if (fact.errorType !== undefined) {
      run.failures++;
      run.errorType = fact.errorType;
    }
    const launchedMs = this.#open.get(key)?.get(fact.component)?.shift();
    if (launchedMs === undefined || launchedMs > fact.timeMs) return { fact };
    const latencyMs = fact.timeMs - launchedMs;
    run.latenciesMs = [...run.latenciesMs.slice(1 - mostLatencies), latencyMs];
    return { fact, latencyMs };
  }

  #newRun({ node, component, timeMs }: EventFact, id: string): OpenRun {
    if (this.#runs.size >= mostRuns) {
      for (const oldest of this.#runs.keys()) {
        this.#runs.delete(oldest);
        this.#open.delete(oldest);
        this.forgotten++;
        break;
      }
    }
    const none = { launches: 0, completions: 0, failures: 0, latenciesMs: [], simulated: false };
    return { id, node, component, firstMs: timeMs, lastMs: timeMs, ...none };
  }
}
