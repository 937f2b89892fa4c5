import type { LoopClock } from './loopClock.ts';
import { onCpuShare } from './onCpuShare.ts';

/** A window of measurement is at least this long: one reading of the clocks (1 to 2 µs) a millisecond is 0.2 % of it. */
const WINDOW_NS = 1e6;
/** A span with this many open spans above it counts as the outermost of a tree of its own: settling stays bounded. */
const MAX_DEPTH = 256;
/** A window ends early when this many spans ran in it: thousands of switches in a millisecond, or a clock that stands. */
const MAX_TOUCHED = 4096;

/** The time of one span on the CPU, all in nanoseconds. Made by `CpuLedger.open`; only the ledger writes to it. */
export interface CpuAccount {
  /** The span above it. It may have ended since: read it with `nearestOpen`. */
  parent: CpuAccount | undefined;
  /** Whether it ran in the window that is still open. */
  isPending: boolean;
  /** How long it ran in that window, by the wall clock. */
  pendingNs: number;
  /** Time while this span was the active one. */
  selfNs: number;
  /** `selfNs` and the time of all spans below it, until it ended. */
  totalNs: number;
  /** Whether it, or a span below it, was ever the active one. */
  hasRun: boolean;
  isOpen: boolean;
}

/**
 * Who used the CPU of one thread: the time between two switches belongs to the span that ran between them. Time that
 * the thread was ready to run but not on the CPU is taken out: in each window of at least 1 ms, all times are
 * multiplied by the thread's CPU time divided by its time outside of the idle wait for events.
 *
 * Pure: it knows neither spans nor event loops. A switch costs one reading of the clock. It holds no account beyond the
 * window in which it ran, so spans that never end are garbage as soon as the application forgets them.
 */
export class CpuLedger {
  /** Spans below `MAX_DEPTH` others: their time is missing in the totals of the spans above them. */
  tooDeep = 0;
  readonly #clock: LoopClock;
  #running: CpuAccount | undefined;
  #atNs: number;
  #window: { readonly wallNs: number; readonly cpuNs: number; readonly idleNs: number };
  /** The accounts that ran in this window, each once. */
  #touched: CpuAccount[] = [];

  constructor(clock: LoopClock) {
    this.#clock = clock;
    this.#window = { wallNs: clock.wallNs(), cpuNs: clock.cpuNs(), idleNs: clock.idleNs() };
    this.#atNs = this.#window.wallNs;
  }

  /** The account of a span that starts under `parent`. */
  open(parent?: CpuAccount): CpuAccount {
    let above = nearestOpen(parent);
    let depth = 0;
    for (let each = above; each !== undefined && depth < MAX_DEPTH; each = each.parent) {
      each.parent = nearestOpen(each.parent);
      depth++;
    }
    if (depth === MAX_DEPTH) {
      this.tooDeep++;
      above = undefined;
    }
    return { parent: above, isPending: false, pendingNs: 0, selfNs: 0, totalNs: 0, hasRun: false, isOpen: true };
  }

  /**
   * From now on the thread works for `next`, or for no span. Returns what it worked for until now, to switch back to.
   * The time of a span that has ended goes to the nearest open span above it.
   */
  switchTo(next: CpuAccount | undefined): CpuAccount | undefined {
    const before = this.#running;
    this.#charge();
    this.#running = next;
    const isOver = this.#isWindowLong() || this.#touched.length >= MAX_TOUCHED;
    // A window in which no span ran starts again when one does, so that what others used before is not in it.
    if (isOver && (this.#touched.length > 0 || next !== undefined)) this.#settleWindow();
    return before;
  }

  /** The span has ended: its times are final. Ending it again changes nothing. */
  close(account: CpuAccount): void {
    if (!account.isOpen) return;
    this.#charge();
    // Less than a window cannot hide a time off the CPU that matters: schedulers take it away for milliseconds.
    if (this.#isWindowLong()) this.#settleWindow();
    else this.#settle(1);
    account.isOpen = false;
    account.parent = nearestOpen(account.parent);
  }

  #isWindowLong(): boolean {
    return this.#atNs - this.#window.wallNs >= WINDOW_NS;
  }

  #charge(): void {
    const nowNs = this.#clock.wallNs();
    const elapsedNs = nowNs - this.#atNs;
    this.#atNs = nowNs;
    const account = nearestOpen(this.#running);
    this.#running = account;
    if (account === undefined) return;
    if (!account.isPending) {
      account.isPending = true;
      this.#touched.push(account);
    }
    // A clock that stepped back has measured nothing.
    if (elapsedNs > 0) account.pendingNs += elapsedNs;
  }

  #settleWindow(): void {
    const next = { wallNs: this.#atNs, cpuNs: this.#clock.cpuNs(), idleNs: this.#clock.idleNs() };
    if (this.#touched.length > 0) this.#settle(onCpuShare(this.#window, next));
    this.#window = next;
  }

  /** Books what is pending on the spans that ran, and on all above them. */
  #settle(share: number): void {
    for (const account of this.#touched) {
      const ns = account.pendingNs * share;
      account.pendingNs = 0;
      account.isPending = false;
      account.selfNs += ns;
      for (let each: CpuAccount | undefined = account; each !== undefined; each = each.parent) {
        each.totalNs += ns;
        each.hasRun = true;
        each.parent = nearestOpen(each.parent);
      }
    }
    this.#touched = [];
  }
}

/** Skips spans that have ended: they keep their figure, and the chain above a living span stays short. */
function nearestOpen(account: CpuAccount | undefined): CpuAccount | undefined {
  let nearest = account;
  while (nearest !== undefined && !nearest.isOpen) nearest = nearest.parent;
  return nearest;
}
