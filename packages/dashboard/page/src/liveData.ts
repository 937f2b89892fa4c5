import { Dashboard } from '../../src/model/index.ts';
import type { PageSetup } from '../../src/web/pageSetup.ts';
import { StreamClient, type StreamState } from '../../src/web/streamClient.ts';
import type { StreamMessage } from '../../src/web/streamMessage.ts';

/** The view model of this page, filled by the stream. Times are those of the server. */
export class LiveData {
  dashboard: Dashboard;
  state: StreamState = 'connecting';
  /** Entries that the server did not have any more when this page asked for them. */
  lost = 0;
  readonly #setup: PageSetup;
  readonly #changed: () => void;
  readonly #client: StreamClient;
  #baseline: string | undefined;
  #aheadMs: number | undefined;
  #inputs: readonly string[] = [];

  constructor(setup: PageSetup, changed: () => void) {
    this.#setup = setup;
    this.#changed = changed;
    this.#baseline = setup.baselines[0]?.name;
    this.dashboard = this.#made();
    const socketUrl = new URL('api/stream', location.href);
    socketUrl.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#client = new StreamClient({
      open: (query) => new WebSocket(`${socketUrl.origin}${socketUrl.pathname}${query}`),
      ask: async (query) => {
        const answer = await fetch(`api/events${query}`);
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        return (await answer.json()) as StreamMessage; // of our own server
      },
      take: (message, isNew) => this.#take(message, isNew),
      changed: (state) => {
        if (state === this.state) return;
        this.state = state;
        changed();
      },
    });
    this.#client.start();
  }

  nowMs(): number {
    return Date.now() + (this.#aheadMs ?? 0);
  }

  compareWith(name: string | undefined): void {
    this.#baseline = name;
    this.dashboard.compareWith(this.#setup.baselines.find((each) => each.name === name));
  }

  #take(message: StreamMessage, isNew: boolean): void {
    if (isNew) {
      this.dashboard = this.#made();
      this.lost = 0;
    }
    // A message takes time to come: the smallest difference is the nearest to that of the clocks.
    const aheadMs = message.nowMs - Date.now();
    if (this.#aheadMs === undefined || aheadMs > this.#aheadMs || isNew) this.#aheadMs = aheadMs;
    this.lost += message.lost;
    if (message.inputs !== undefined) {
      const known = new Set(this.dashboard.inputs.map(({ name }) => name));
      for (const { name, node, facts: _, arrivedMs: _at, ...state } of message.inputs) {
        if (!known.has(name)) this.dashboard.openInput(name, node);
        this.dashboard.changeInput(name, state);
      }
      this.#inputs = message.inputs.map(({ name }) => name);
    }
    for (const entry of message.entries) {
      const input = this.#inputs[entry.input] ?? '';
      if ('fact' in entry) this.dashboard.add(input, entry.fact, entry.at);
      else if ('change' in entry) this.dashboard.changeInput(input, entry.change);
      else this.dashboard.find(entry.found.severity, entry.found.text, entry.at, this.#nodeOf(input));
    }
    // Of a recording, the next part may be on its way.
    if (message.entries.length > 0) this.dashboard.delivering(this.nowMs());
    this.#changed();
  }

  #nodeOf(input: string): string | undefined {
    return this.dashboard.inputs.find(({ name }) => name === input)?.node;
  }

  #made(): Dashboard {
    const { kernels, baselines, flow } = this.#setup;
    const baseline = baselines.find(({ name }) => name === this.#baseline);
    return new Dashboard({ ...(kernels && { kernels }), ...(baseline && { baseline }), ...(flow && { flow }) });
  }
}
