/** What a verification found. */
export interface Finding {
  /** The share of what was checked that holds, 0 to 1. */
  readonly score: number;
  /** Why it blocks, in few words. Undefined where all holds. */
  readonly reason?: string;
}
