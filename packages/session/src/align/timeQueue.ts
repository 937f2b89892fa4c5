/** From here on the room of what has left is given back, when it is half of all. */
const leastFreed = 1_024;

/** First in, first out, in constant time: a `shift` of a long array moves all of it. */
export class TimeQueue<Item> {
  #items: Item[] = [];
  #at = 0;

  get size(): number {
    return this.#items.length - this.#at;
  }

  get first(): Item | undefined {
    return this.#items[this.#at];
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  shift(): Item | undefined {
    const item = this.#items[this.#at];
    if (item === undefined) return undefined;
    this.#at++;
    if (this.#at >= leastFreed && this.#at * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#at);
      this.#at = 0;
    }
    return item;
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (let at = this.#at; at < this.#items.length; at++) yield this.#items[at] as Item; // within the length
  }
}
