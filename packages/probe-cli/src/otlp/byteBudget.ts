/** The bytes of one request that count in a budget. */
export interface ByteShare {
  /** Undefined where there was room, else resolves when there is. It never resolves after `release`. */
  take(bytes: number): Promise<void> | undefined;
  /** Gives everything back. */
  release(): void;
}

interface Held extends ByteShare {
  /** Tries again. */
  retry(): void;
  readonly isWaiting: boolean;
}

/**
 * Bytes of requests that may be in memory at one time. A request for which there is no room waits until others give theirs back.
 * Requests that were read in part could wait for each other for ever: the one that had to wait first may therefore take bytes
 * from a reserve, which is as large as the largest request.
 */
export class ByteBudget {
  /** Below 0 by what was taken from the reserve. */
  #left: number;
  readonly #reserve: number;
  /** Requests that had to wait, until they give back what they have, the oldest first. */
  readonly #held = new Set<Held>();

  constructor(bytes: number, reserve: number) {
    this.#left = bytes;
    this.#reserve = reserve;
  }

  /** Requests that wait at present. */
  get waiting(): number {
    return [...this.#held].filter(({ isWaiting }) => isWaiting).length;
  }

  share(): ByteShare {
    let taken = 0;
    let wanted: { readonly bytes: number; readonly resolve: () => void } | undefined;
    const fits = (bytes: number) => {
      const [first] = this.#held;
      if (this.#left - bytes < (first === share ? -this.#reserve : 0)) return false;
      this.#left -= bytes;
      taken += bytes;
      return true;
    };
    const share: Held = {
      take: (bytes) => {
        if (fits(bytes)) return undefined;
        this.#held.add(share);
        // The first one that waits has the reserve at once.
        if (fits(bytes)) return undefined;
        return new Promise((resolve) => {
          wanted = { bytes, resolve };
        });
      },
      release: () => {
        this.#left += taken;
        taken = 0;
        wanted = undefined;
        this.#held.delete(share);
        for (const other of this.#held) other.retry();
      },
      retry: () => {
        if (wanted === undefined || !fits(wanted.bytes)) return;
        const { resolve } = wanted;
        wanted = undefined;
        resolve();
      },
      get isWaiting() {
        return wanted !== undefined;
      },
    };
    return share;
  }
}
