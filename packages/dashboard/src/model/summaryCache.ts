import type { FactStore } from './factStore.ts';
import { type LatencySummary, summaries } from './summary.ts';
import type { ViewRange, ViewWindow } from './view.ts';

/** From here on figures are made once a second at most. */
const manyRows = 5_000;
const manyRowsMs = 1_000;

/** Summaries that were made, and what of. */
interface Made {
  readonly store: FactStore;
  readonly window: ViewWindow;
  readonly toMs: number;
  /** Rows that had come by then. */
  readonly added: number;
  readonly rows: number;
  readonly atMs: number;
  readonly summaries: readonly LatencySummary[];
}

/** Where there are many rows, figures may be a second old: sorting tens of thousands for each frame would cost more than drawing. */
export class SummaryCache {
  #made: Made | undefined;

  of(store: FactStore, { fromMs, toMs, window }: ViewRange, nowMs: number): readonly LatencySummary[] {
    const known = this.#made;
    if (known !== undefined && known.store === store && known.window === window) {
      const isSame = known.added === store.latencies.added && known.toMs === toMs;
      const ageMs = nowMs - known.atMs;
      if (isSame || (known.rows >= manyRows && ageMs >= 0 && ageMs < manyRowsMs)) return known.summaries;
    }
    const [start, end] = store.latencies.range(fromMs, toMs);
    const made = summaries(store.latencies, fromMs, toMs);
    this.#made = {
      store,
      window,
      toMs,
      added: store.latencies.added,
      rows: end - start,
      atMs: nowMs,
      summaries: made,
    };
    return made;
  }

  /** The next summaries are of all rows. */
  forget(): void {
    this.#made = undefined;
  }
}
