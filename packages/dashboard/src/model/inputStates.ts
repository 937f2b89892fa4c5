/** How an input is, as the word that faces show. */
export type InputCondition = 'waiting' | 'open' | 'ended' | 'lost';

/** Which clock the times of an input are of. `unknown`: times without a header, of a host that is not this one. */
export type InputClock = 'utc' | 'recorded' | 'this host' | 'unknown';

/** What an input reports of itself. Fields that are absent stay as they were. */
export interface InputChange {
  readonly condition?: InputCondition;
  /** Why it waits or was lost. */
  readonly reason?: string;
  readonly clock?: InputClock;
  /** Lines that were refused since its start, and why the latest was. */
  readonly refused?: { readonly count: number; readonly reason: string };
}

/** An input now. */
export interface InputView extends InputChange {
  /** The address as the user wrote it. */
  readonly name: string;
  readonly node: string;
  readonly condition: InputCondition;
  /** Facts of it. */
  readonly facts: number;
  /** When the newest of its facts arrived, ms since 1970. */
  readonly arrivedMs?: number;
}

/** The inputs of a dashboard, in the order in which the user named them. */
export class InputStates {
  readonly #inputs = new Map<string, InputView>();

  get all(): readonly InputView[] {
    return [...this.#inputs.values()];
  }

  get refusedLines(): number {
    return this.all.reduce((sum, { refused }) => sum + (refused?.count ?? 0), 0);
  }

  open(name: string, node: string): void {
    this.#inputs.set(name, { name, node, condition: 'waiting', facts: 0 });
  }

  change(name: string, change: InputChange): void {
    const input = this.#inputs.get(name);
    if (input === undefined) return;
    const { reason, ...rest } = input;
    // A reason is of one condition: it goes with it.
    const kept = change.condition === undefined && reason !== undefined ? { reason } : {};
    this.#inputs.set(name, { ...rest, ...kept, ...change });
  }

  arrived(name: string, nowMs: number): void {
    const input = this.#inputs.get(name) as { facts: number; arrivedMs?: number } | undefined;
    if (input === undefined) return;
    input.facts++;
    input.arrivedMs = nowMs;
  }

  copy(): InputStates {
    const made = new InputStates();
    for (const [name, input] of this.#inputs) made.#inputs.set(name, { ...input });
    return made;
  }
}
