/** Operations that have series of their own; the spans of further ones are `other`. */
const maxOperations = 1000;
/** Longer names are cut: what differs only after this counts as one operation. */
const maxNameLength = 256;
const other = 'other';

/** The names of operations as values of a label: bounded, and those beyond the bound counted. */
export class OperationNames {
  /** Spans that were counted as `other`. */
  overflowed = 0;
  readonly #indexes = new Map<string, number>();
  readonly #names: string[] = [other];

  /** 0 for the operation `other`. */
  indexOf(name: string): number {
    const key = name.length > maxNameLength ? name.slice(0, maxNameLength) : name;
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    if (this.#names.length > maxOperations) {
      this.overflowed++;
      return 0;
    }
    const index = this.#names.push(key) - 1;
    this.#indexes.set(key, index);
    return index;
  }

  nameOf(index: number): string {
    return this.#names[index] ?? other;
  }
}
