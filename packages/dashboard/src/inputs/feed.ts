import type { Dashboard } from '../model/dashboard.ts';
import type { Fact } from '../model/fact.ts';
import type { DashboardInput } from './dashboardInput.ts';

export interface FeedOptions {
  /** ms since 1970. Default: `Date.now`. */
  readonly nowMs?: () => number;
  /** Called for each fact that the dashboard took, after it: for a recording, or for readers of a page. */
  readonly taken?: (fact: Fact) => void;
}

/** Inputs that bring their facts into a dashboard, from `start` to `stop`. */
export class Feed {
  readonly #dashboard: Dashboard;
  readonly #inputs: readonly DashboardInput[];
  readonly #nowMs: () => number;
  readonly #taken: (fact: Fact) => void;

  constructor(dashboard: Dashboard, inputs: readonly DashboardInput[], options: FeedOptions = {}) {
    const { nowMs = Date.now, taken = () => undefined } = options;
    this.#dashboard = dashboard;
    this.#inputs = inputs;
    this.#nowMs = nowMs;
    this.#taken = taken;
    for (const { name, node } of inputs) dashboard.openInput(name, node);
  }

  /** Resolves when all inputs look for their sources. */
  async start(): Promise<void> {
    await Promise.all(this.#inputs.map((input) => this.#start(input)));
  }

  /** Delivers what files hold by now. Safe repeated. */
  async stop(): Promise<void> {
    await Promise.all(this.#inputs.map((input) => input.stop()));
  }

  #start(input: DashboardInput): Promise<void> {
    const { name, node } = input;
    return input.start({
      fact: (fact) => {
        if (this.#dashboard.add(name, fact, this.#nowMs())) this.#taken(fact);
      },
      changed: (change) => this.#dashboard.changeInput(name, change),
      found: (severity, text) => this.#dashboard.find(severity, text, this.#nowMs(), node),
    });
  }
}
