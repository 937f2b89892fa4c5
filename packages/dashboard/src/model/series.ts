/** What latencies are grouped by: the runs of a component, or the frames of two stages, of one node. */
export interface Series {
  readonly kind: 'run' | 'pair';
  readonly node: string;
  /** The component, or `ingress → encoded`. */
  readonly name: string;
}

/** A series as one text, equal for equal series. */
export function seriesKey({ kind, node, name }: Series): string {
  return JSON.stringify([kind, node, name]);
}

/** The name of the pair of two stages. */
export function pairName(from: string, to: string): string {
  return `${from} → ${to}`;
}

/** Numbers for series, so that rows are columns of numbers. Bounded: series beyond the bound have no number, and are counted. */
export class SeriesNumbers {
  /** Rows of series beyond the bound. */
  refused = 0;
  readonly #most: number;
  readonly #numbers = new Map<string, number>();
  readonly #series: Series[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get all(): readonly Series[] {
    return this.#series;
  }

  of(series: Series): number | undefined {
    const key = seriesKey(series);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#series.length >= this.#most) {
      this.refused++;
      return undefined;
    }
    this.#numbers.set(key, this.#series.length);
    return this.#series.push(series) - 1;
  }

  copy(): SeriesNumbers {
    const made = new SeriesNumbers(this.#most);
    for (const series of this.#series) made.of(series);
    made.refused = this.refused;
    return made;
  }
}
