import type { LoopClock, LoopTimes } from './loopClock.ts';
import { busyNs, offCpuNs } from './offCpu.ts';

/**
 * Time off the CPU is looked for where a span ran at least this long in one go: schedulers take a CPU away for milliseconds
 * (base slice of Linux's EEVDF: 0.7 ms times 1 + log2 of the processors, kernel/sched/fair.c).
 */
const longNs = 1e6;
/** And at least this often while spans run for shorter times. One reading of the clocks takes 2 to 4 µs. */
const windowNs = 5e6;
/** A span with this many open spans above it counts as the outermost of a tree of its own: settling stays bounded. */
const maxDepth = 256;
/** A window ends early when this many spans ran in it: thousands of switches in a millisecond, or a clock that stands. */
const maxTouched = 4096;

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
 * the thread was ready to run but not on the CPU is taken out: of the piece of 1 ms or more in which it fell, else of
 * all pieces of the window in proportion.
 *
 * Pure: it knows neither spans nor event loops. A switch costs one reading of the wall clock. It holds no account beyond
 * the window in which it ran, so spans that never end are garbage as soon as the application forgets them.
 */
export class CpuLedger {
  /** Spans below `MAX_DEPTH` others: their time is missing in the totals of the spans above them. */
  tooDeep = 0;
  readonly #clock: LoopClock;
  #running: CpuAccount | undefined;
  #atNs: number;
  /** The reading at the start of the window. */
  #window: LoopTimes;
  /** Whether a long time without a span is in the window. */
  #isStale = false;
  /** The accounts that ran in this window, each once. */
  #touched: CpuAccount[] = [];
  /** What has been booked on accounts so far. */
  #bookedNs = 0;
  readonly #startCpuNs: number;

  constructor(clock: LoopClock) {
    this.#clock = clock;
    this.#atNs = clock.wallNs();
    this.#window = this.#read();
    this.#startCpuNs = this.#window.cpuNs;
  }

  /** How long the thread has been on the CPU for no span, ns, since the ledger was made. Not a number where the clock is not. */
  outsideNs(): number {
    this.#charge();
    if (this.#touched.length > 0) this.#settleWindow();
    return this.#clock.cpuNs() - this.#startCpuNs - this.#bookedNs;
  }

  /** The account of a span that starts under `parent`. */
  open(parent?: CpuAccount): CpuAccount {
    let above = nearestOpen(parent);
    let depth = 0;
    for (let each = above; each !== undefined && depth < maxDepth; each = each.parent) {
      each.parent = nearestOpen(each.parent);
      depth++;
    }
    if (depth === maxDepth) {
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
    if (this.#isWindowOver()) this.#settleWindow();
    else if (this.#isStale && next !== undefined) this.#startWindow(this.#read());
    return before;
  }

  /** The span has ended: its times are final. Ending it again changes nothing. */
  close(account: CpuAccount): void {
    if (!account.isOpen) return;
    this.#charge();
    if (this.#isWindowOver()) this.#settleWindow();
    else this.#settle(1);
    account.isOpen = false;
    account.parent = nearestOpen(account.parent);
  }

  #charge(): void {
    const nowNs = this.#clock.wallNs();
    const elapsedNs = nowNs - this.#atNs;
    this.#atNs = nowNs;
    const account = nearestOpen(this.#running);
    this.#running = account;
    const isLong = elapsedNs >= longNs;
    if (account === undefined) {
      if (isLong) this.#isStale = true;
      return;
    }
    if (!account.isPending) {
      account.isPending = true;
      this.#touched.push(account);
    }
    // A clock that stepped back has measured nothing.
    if (elapsedNs <= 0) return;
    account.pendingNs += elapsedNs;
    if (!isLong) return;
    const next = this.#read();
    account.pendingNs -= Math.min(elapsedNs, offCpuNs(this.#window, next));
    this.#settle(1);
    this.#startWindow(next);
  }

  #isWindowOver(): boolean {
    if (this.#touched.length === 0) return false;
    return this.#atNs - this.#window.wallNs >= windowNs || this.#touched.length >= maxTouched;
  }

  #settleWindow(): void {
    const next = this.#read();
    const share = 1 - offCpuNs(this.#window, next) / busyNs(this.#window, next);
    this.#settle(share >= 0 ? share : 1);
    this.#startWindow(next);
  }

  #read(): LoopTimes {
    return { wallNs: this.#atNs, cpuNs: this.#clock.cpuNs(), idleNs: this.#clock.idleNs() };
  }

  #startWindow(reading: LoopTimes): void {
    this.#window = reading;
    this.#isStale = false;
  }

  /** Books what is pending on the spans that ran, and on all above them. */
  #settle(share: number): void {
    for (const account of this.#touched) {
      const ns = account.pendingNs * share;
      account.pendingNs = 0;
      account.isPending = false;
      account.selfNs += ns;
      this.#bookedNs += ns;
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
