import { randomBytes } from 'node:crypto';
import type { DashboardInput, InputSink } from '../inputs/dashboardInput.ts';
import type { Dashboard } from '../model/dashboard.ts';
import { EventRing } from './eventRing.ts';
import { cursorOf, type StreamEntry } from './streamMessage.ts';

/** Entries of one message: 150 kB at 150 bytes each. */
const mostOfMessage = 1_000;

/** What the inputs bring, in the view model of the server and as numbered entries for pages. */
export class EntryFeed {
  /** Of this start of the server. */
  readonly epoch: string = randomBytes(8).toString('hex');
  readonly #dashboard: Dashboard;
  readonly #inputs: readonly DashboardInput[];
  readonly #nowMs: () => number;
  readonly #ring: EventRing;
  readonly #listeners = new Set<() => void>();

  constructor(
    dashboard: Dashboard,
    inputs: readonly DashboardInput[],
    nowMs: () => number,
    ring: EventRing = new EventRing(),
  ) {
    this.#dashboard = dashboard;
    this.#inputs = inputs;
    this.#nowMs = nowMs;
    this.#ring = ring;
    for (const { name, node } of inputs) dashboard.openInput(name, node);
  }

  get last(): number {
    return this.#ring.last;
  }

  async start(): Promise<void> {
    await Promise.all(this.#inputs.map((input, index) => input.start(this.#sink(input, index))));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#inputs.map((input) => input.stop()));
  }

  /** Calls `listener` after each entry, until the function that it returns is called. */
  onEntry(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  cursorOf(query: URLSearchParams): number {
    return cursorOf(query, this.epoch, this.#ring.last);
  }

  /** The next message of a client whose newest entry has the number `after`, and the number after it. */
  message(after: number, isFirst: boolean): { readonly text: string; readonly after: number; readonly lost: number } {
    const { first, entries, lost } = this.#ring.after(after, mostOfMessage);
    const nowMs = this.#nowMs();
    const inputs = isFirst ? `,"inputs":${JSON.stringify(this.#dashboard.inputs)}` : '';
    const text = `{"epoch":"${this.epoch}","first":${first},"lost":${lost},"nowMs":${nowMs}${inputs},"entries":[${entries.join(',')}]}`;
    return { text, after: first + entries.length - 1, lost };
  }

  #sink({ name, node }: DashboardInput, input: number): InputSink {
    return {
      fact: (fact) => {
        const at = this.#nowMs();
        this.#dashboard.add(name, fact, at);
        this.#push({ at, input, fact });
      },
      changed: (change) => {
        this.#dashboard.changeInput(name, change);
        this.#push({ at: this.#nowMs(), input, change });
      },
      found: (severity, text) => {
        const at = this.#nowMs();
        this.#dashboard.find(severity, text, at, node);
        this.#push({ at, input, found: { severity, text } });
      },
    };
  }

  #push(entry: StreamEntry): void {
    this.#ring.push(JSON.stringify(entry));
    for (const listener of this.#listeners) listener();
  }
}
