import {
  attribute,
  type Enricher,
  knownOptions,
  metric,
  numberOption,
  type OptionNames,
  type SelfCount,
} from '@benchlab-otel/core';
import { type ContextManager, diag, type Span, trace } from '@opentelemetry/api';
import { watchActiveSpan } from './activeSpanWatch.ts';
import { BoundedMap } from './boundedMap.ts';
import { contextManager } from './contextManager.ts';
import { type CpuAccount, CpuLedger } from './cpuLedger.ts';
import { type LoopClock, loopClock } from './loopClock.ts';
import { RecentMap } from './recentMap.ts';

/** How long one span was on the CPU of its thread, in seconds. */
export interface CpuSeconds {
  /** While it was the active span. */
  readonly selfSeconds: number;
  /** `selfSeconds` and those of all spans below it in this thread, until it ended. */
  readonly totalSeconds: number;
}

export interface CpuTimeOptions {
  /** Spans that are open at once and measured; beyond it the oldest goes without. 16,384 unless set. */
  readonly maxOpen?: number;
  /** Ended spans that `secondsOf` remembers at least, twice as many at most. 4,096 unless set: as many as wait for their enrichers. */
  readonly maxEnded?: number;
  readonly clock?: LoopClock;
}

/** Whether CPU time is measured in this thread now, and why not. */
export type CpuTimeState = { readonly method: 'async_hooks' } | { readonly method: 'none'; readonly reason: string };

/** An enricher that measures the CPU time of spans, and hands it out. */
export interface CpuTime extends Enricher {
  readonly state: CpuTimeState;
  /**
   * CPU seconds of this thread while no span was active, since this was made: event loop, timers, what reads the meters.
   * Undefined while nothing is measured.
   */
  readonly outsideSeconds: number | undefined;
  /**
   * The seconds of a span of this thread: final once it has ended, until then those so far, at most a millisecond of
   * CPU time behind. Undefined where nothing was measured: neither it nor a span below it was ever the active one, it
   * was not sampled, or it is beyond a bound.
   */
  secondsOf(span: { readonly spanId: string }): CpuSeconds | undefined;
  /** Ends the measurement and takes its hooks out of the process. Call it after `shutdown()`. */
  stop(): void;
}

const optionNames: OptionNames<CpuTimeOptions> = { maxOpen: true, maxEnded: true, clock: true };

/**
 * Measures how long each span was on the CPU of the thread that runs it, and puts that on the span:
 * `benchlab.cpu.seconds`, which includes the spans below it, and `benchlab.cpu.self.seconds`. Time belongs to the span
 * that is active (`context.active()`), so a span that is never made active has none of its own. Costs 0.3 to
 * 0.6 µs for each `await` of the thread, from the first span on: see docs/cpu-time.md.
 *
 * @throws OptionError for a bound that is not a whole number of at least 1
 * @example
 * const cpu = cpuTime();
 * const telemetry = await startTelemetry({ enrichers: [cpu] });
 */
export function cpuTime(options: CpuTimeOptions = {}): CpuTime {
  knownOptions<CpuTimeOptions>('cpuTime', options, optionNames);
  return new CpuTimeOfSpans(options);
}

class CpuTimeOfSpans implements CpuTime {
  readonly name = 'cpu-time';
  state: CpuTimeState = { method: 'none', reason: 'No span has started yet.' };
  readonly #clock: LoopClock;
  readonly #ledger: CpuLedger;
  // By span id: a WeakMap by span took 0.5 to 1.6 µs more a span (Node 22, 24).
  readonly #open: BoundedMap<CpuAccount>;
  readonly #ended: RecentMap<CpuAccount>;
  #manager: ContextManager | undefined;
  #stopWatch: (() => void) | undefined;
  #isStopped = false;
  #forgotten = 0;

  constructor({ maxOpen = 16_384, maxEnded = 4096, clock }: CpuTimeOptions) {
    this.#open = new BoundedMap(numberOption('maxOpen', maxOpen, { least: 1, isWhole: true }));
    this.#ended = new RecentMap(numberOption('maxEnded', maxEnded, { least: 1, isWhole: true }));
    this.#clock = clock ?? loopClock();
    this.#ledger = new CpuLedger(this.#clock);
  }

  spanStarted: NonNullable<Enricher['spanStarted']> = (_span, parent, { spanId }) => {
    if (this.#isStopped) return;
    const manager = contextManager();
    if (this.#manager !== manager || manager === undefined) this.#watch(manager);
    if (this.#stopWatch === undefined || this.#open.get(spanId) !== undefined) return;
    const above = trace.getSpan(parent);
    const account = this.#ledger.open(above && this.#of(above));
    const evicted = this.#open.set(spanId, account);
    if (evicted === undefined) return;
    this.#ledger.close(evicted);
    this.#forgotten++;
  };

  spanEnded: NonNullable<Enricher['spanEnded']> = ({ spanId }) => {
    const account = this.#open.get(spanId);
    if (account === undefined) return undefined;
    this.#ledger.close(account);
    this.#open.delete(spanId);
    this.#ended.set(spanId, account);
    const seconds = secondsOf(account);
    if (seconds === undefined) return undefined;
    return {
      [attribute.cpuSeconds]: seconds.totalSeconds,
      [attribute.cpuSelfSeconds]: seconds.selfSeconds,
      [attribute.cpuMethod]: 'async_hooks',
    };
  };

  secondsOf({ spanId }: { readonly spanId: string }): CpuSeconds | undefined {
    const account = this.#open.get(spanId) ?? this.#ended.get(spanId);
    return account && secondsOf(account);
  }

  get outsideSeconds(): number | undefined {
    if (this.state.method === 'none') return undefined;
    const ns = this.#ledger.outsideNs();
    return ns >= 0 ? ns / 1e9 : undefined;
  }

  counts(): readonly SelfCount[] {
    return [{ definition: metric.benchlabCpuSpansDropped, value: this.#forgotten + this.#ledger.tooDeep }];
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#end('It was stopped.');
    this.#clock.close?.();
  }

  /** Of an ended span too: what still runs in its context belongs to the span above it. */
  #of(span: Span): CpuAccount | undefined {
    const { spanId } = span.spanContext();
    return this.#open.get(spanId) ?? this.#ended.get(spanId);
  }

  /** From now on the spans that are active in `manager` are measured. */
  #watch(manager: ContextManager | undefined): void {
    this.#end('No context manager is registered, so that no span is ever active.');
    this.#manager = manager;
    if (manager === undefined) return;
    try {
      this.#stopWatch = watchActiveSpan<CpuAccount>({
        manager,
        of: (span) => this.#of(span),
        switchTo: (next) => this.#ledger.switchTo(next),
        failed: (error) => this.#failed(error),
      });
      this.state = { method: 'async_hooks' };
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#end(`The active span cannot be followed: ${reason}`);
    diag.warn(`cpuTime: spans get no CPU time. The active span cannot be followed: ${reason}`);
  }

  #end(reason: string): void {
    this.#stopWatch?.();
    this.#stopWatch = undefined;
    this.#ledger.switchTo(undefined);
    for (const account of this.#open.drain()) this.#ledger.close(account);
    this.state = { method: 'none', reason };
  }
}

function secondsOf({ selfNs, totalNs, hasRun }: CpuAccount): CpuSeconds | undefined {
  return hasRun ? { selfSeconds: selfNs / 1e9, totalSeconds: totalNs / 1e9 } : undefined;
}
