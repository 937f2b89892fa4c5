import type { Parts } from './parts.ts';
import type { SpanAccount } from './spanAccount.ts';

/** The life of each span, cut to one interval, ns. */
export interface Lives {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

export function livesOf(accounts: readonly SpanAccount[], fromNs: number, toNs: number): Lives {
  const starts = new Float64Array(accounts.length);
  const ends = new Float64Array(accounts.length);
  for (let k = 0; k < accounts.length; k++) {
    const account = accounts[k];
    if (account === undefined) continue;
    starts[k] = Math.max(account.startNs, fromNs);
    ends[k] = Math.min(account.endNs, toNs);
  }
  return { starts, ends };
}

/** How the spans of one interval stand to each other. */
export function partsOf(accounts: readonly SpanAccount[], { starts, ends }: Lives): Parts {
  const { length } = accounts;
  const parents = new Int32Array(length);
  const aliveNs = new Float64Array(length);
  const withParentNs = new Float64Array(length);
  for (let k = 0; k < length; k++) {
    const account = accounts[k];
    if (account === undefined) continue;
    account.index = k;
    const [start, end] = [starts[k] ?? 0, ends[k] ?? 0];
    aliveNs[k] = Math.max(0, end - start);
    // Accounts stand in the order of their start, so those above this one have their index already.
    let above = account.parent;
    while (above !== undefined && above.index < 0) above = above.parent;
    const parent = above?.index ?? -1;
    parents[k] = parent;
    if (parent < 0) continue;
    withParentNs[k] = Math.max(0, Math.min(end, ends[parent] ?? 0) - Math.max(start, starts[parent] ?? 0));
  }
  for (const account of accounts) account.index = -1;
  return { length, parents, aliveNs, withParentNs };
}
