import { Counted, Gauged, InFlight, Observed, Span, Timed, Traced, Untraced } from '../../src/index.ts';
import { behaviour } from '../behaviour/index.ts';
import {
  capturing,
  configured,
  counting,
  type Desk as DeskLike,
  desk,
  faulty,
  gauging,
  observing,
  onlyFailures,
  type Shop as ShopLike,
  timing,
} from '../desk.ts';

class Desk implements DeskLike {
  @Span run<T>(work: () => T): T {
    return work();
  }
  @Span async runAsync<T>(work: () => Promise<T>): Promise<T> {
    return await work();
  }
  @Span *iterate<T, R, N>(work: () => Generator<T, R, N>): Generator<T, R, N> {
    return yield* work();
  }
  @Span() async *stream<T, R, N>(work: () => AsyncGenerator<T, R, N>): AsyncGenerator<T, R, N> {
    return yield* work();
  }
  @Span [desk]<T>(work: () => T): T {
    return work();
  }
  private<T>(work: () => T): T {
    return this.hidden(work);
  }
  @Span private hidden<T>(work: () => T): T {
    return work();
  }
  @Span('desk.named') named<T>(work: () => T): T {
    return work();
  }
  @Span(configured) configured<T>(_id: number, work: () => T): T {
    return work();
  }
  @Span(faulty) faulty<T>(work: () => T): T {
    return work();
  }
  @Timed(timing) timed<T>(work: () => T): T {
    return work();
  }
  @Timed *timedRows(): Generator<number> {
    yield 1;
    yield 2;
  }
  @Counted(counting) counted<T>(_id: number, work: () => T): T {
    return work();
  }
  @Counted(onlyFailures) failed<T>(work: () => T): T {
    return work();
  }
  @Counted @Timed @Span all<T>(work: () => T): T {
    return work();
  }
  @Span get level(): unknown {
    return this.#level;
  }
  set level(value: unknown) {
    if (value instanceof Error) throw value;
    this.#level = value;
  }
  #level: unknown = 1;
  @Span(capturing) captured<T>(_given: unknown, work: () => T): T {
    return work();
  }
  @Observed(observing) observed<T>(work: () => T): T {
    return work();
  }
  @InFlight('desk.busy') busy<T>(work: () => T): T {
    return work();
  }
  @Gauged('desk.waiting') waiting(work: () => number): number {
    return work();
  }
  @Gauged(gauging) queued(work: () => Promise<number[]>): Promise<number[]> {
    return work();
  }
  @Span static open<T>(work: () => T): T {
    return work();
  }
}

class Branch extends Desk {
  @Span override run<T>(work: () => T): T {
    return super.run(work);
  }
}

class Stock {
  restock(): string {
    return 'restocked';
  }
}

@Traced({ inherited: true, except: ['skipped'], attributes: { part: 'shop' } })
class Shop extends Stock implements ShopLike {
  order(): string {
    return 'ordered';
  }
  @Span('shop.own') own(): string {
    return 'own';
  }
  @Timed measured(): string {
    return 'measured';
  }
  @Untraced ping(): string {
    return this.order();
  }
  @Timed @Untraced quiet(): string {
    return 'quiet';
  }
  skipped(): string {
    return 'skipped';
  }
  get name(): string {
    return 'shop';
  }
  onModuleInit(): void {}
  override toString(): string {
    return 'shop';
  }
  field = (): string => 'field';
  static open(): string {
    return 'open';
  }
}

behaviour('legacy decorators', { Desk, Branch, Shop, functionName: (name) => name });
