/**
 * Remembers the newest values by key: at least `max` of them, twice as many at most. Two maps that take turns cost a third
 * of one from which the oldest key is deleted at each new one.
 */
export class RecentMap<V> {
  readonly #max: number;
  #newer = new Map<string, V>();
  #older = new Map<string, V>();

  constructor(max: number) {
    this.#max = max;
  }

  get(key: string): V | undefined {
    return this.#newer.get(key) ?? this.#older.get(key);
  }

  set(key: string, value: V): void {
    if (this.#newer.size >= this.#max) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(key, value);
  }
}
