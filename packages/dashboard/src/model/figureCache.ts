import type { FactStore } from './factStore.ts';
import type { ViewRange } from './view.ts';

/** From here on figures are made once a second at most. */
const manyRows = 5_000;
const manyRowsMs = 1_000;
/** Figures that are kept: those that a page with all its parts shows, of two choices. */
const mostKept = 16;

/** Figures that were made, and what of. */
interface Made {
  readonly store: FactStore;
  readonly toMs: number;
  /** Facts and rows that had come by then. */
  readonly facts: number;
  readonly added: number;
  /** Rows of the range. */
  readonly rows: number;
  readonly atMs: number;
  readonly figures: unknown;
}

/** Where there are many rows, figures may be a second old: sorting tens of thousands for each frame would cost more than drawing. */
export class FigureCache {
  readonly #made = new Map<string, Made>();

  /** @param key of the kind of the figures and of all that was chosen for them, but the range */
  of<Figures>(key: string, store: FactStore, range: ViewRange, nowMs: number, make: () => Figures): Figures {
    const { fromMs, toMs, window } = range;
    const place = `${window} ${key}`;
    const known = this.#made.get(place);
    if (known !== undefined && isUsable(known, store, toMs, nowMs)) return known.figures as Figures; // of the same key
    const [start, end] = store.latencies.range(fromMs, toMs);
    const figures = make();
    const { facts, latencies } = store;
    if (this.#made.size >= mostKept) this.#made.clear();
    this.#made.set(place, { store, toMs, facts, added: latencies.added, rows: end - start, atMs: nowMs, figures });
    return figures;
  }

  /** The next figures are of all rows. */
  forget(): void {
    this.#made.clear();
  }
}

function isUsable(known: Made, store: FactStore, toMs: number, nowMs: number): boolean {
  if (known.store !== store) return false;
  const isSame = known.facts === store.facts && known.added === store.latencies.added && known.toMs === toMs;
  const ageMs = nowMs - known.atMs;
  return isSame || (known.rows >= manyRows && ageMs >= 0 && ageMs < manyRowsMs);
}
