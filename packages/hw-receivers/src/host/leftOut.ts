/** Counts the devices for which there was no room: each once, when it is found left out. */
export class LeftOut {
  count = 0;
  #names: ReadonlySet<string> = new Set();

  /** @param names of all that are left out now */
  see(names: readonly string[]): void {
    this.count += names.filter((name) => !this.#names.has(name)).length;
    this.#names = new Set(names);
  }
}
