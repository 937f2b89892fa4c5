import { counted, gauged, inFlight, observed, spanned, Traced, timed } from '../../src/index.ts';
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

// The same methods without a mark, wrapped afterwards: the code of an application without decorators.
class Desk implements DeskLike {
  run<T>(work: () => T): T {
    return work();
  }
  async runAsync<T>(work: () => Promise<T>): Promise<T> {
    return await work();
  }
  *iterate<T, R, N>(work: () => Generator<T, R, N>): Generator<T, R, N> {
    return yield* work();
  }
  async *stream<T, R, N>(work: () => AsyncGenerator<T, R, N>): AsyncGenerator<T, R, N> {
    return yield* work();
  }
  [desk]<T>(work: () => T): T {
    return work();
  }
  private<T>(work: () => T): T {
    return this.hidden(work);
  }
  hidden<T>(work: () => T): T {
    return work();
  }
  named<T>(work: () => T): T {
    return work();
  }
  configured<T>(_id: number, work: () => T): T {
    return work();
  }
  faulty<T>(work: () => T): T {
    return work();
  }
  timed<T>(work: () => T): T {
    return work();
  }
  *timedRows(): Generator<number> {
    yield 1;
    yield 2;
  }
  counted<T>(_id: number, work: () => T): T {
    return work();
  }
  failed<T>(work: () => T): T {
    return work();
  }
  all<T>(work: () => T): T {
    return work();
  }
  get level(): unknown {
    return this.#level;
  }
  set level(value: unknown) {
    if (value instanceof Error) throw value;
    this.#level = value;
  }
  #level: unknown = 1;
  captured<T>(_given: unknown, work: () => T): T {
    return work();
  }
  observed<T>(work: () => T): T {
    return work();
  }
  busy<T>(work: () => T): T {
    return work();
  }
  waiting(work: () => number): number {
    return work();
  }
  queued(work: () => Promise<number[]>): Promise<number[]> {
    return work();
  }
  static open<T>(work: () => T): T {
    return work();
  }
}

const { prototype } = Desk;
prototype.run = spanned('Desk.run', prototype.run);
prototype.runAsync = spanned('Desk.runAsync', prototype.runAsync);
prototype.iterate = spanned('Desk.iterate', prototype.iterate);
prototype.stream = spanned('Desk.stream', prototype.stream);
prototype[desk] = spanned('Desk.[desk]', prototype[desk]);
prototype.hidden = spanned('Desk.hidden', prototype.hidden);
prototype.named = spanned('desk.named', prototype.named);
prototype.configured = spanned(configured, prototype.configured);
prototype.faulty = spanned(faulty, prototype.faulty);
prototype.timed = timed(timing, prototype.timed);
prototype.timedRows = timed(prototype.timedRows);
prototype.counted = counted(counting, prototype.counted);
prototype.failed = counted(onlyFailures, prototype.failed);
prototype.all = counted(timed(spanned('Desk.all', prototype.all)));
const { get, set } = Object.getOwnPropertyDescriptor(prototype, 'level') as Required<PropertyDescriptor>;
Object.defineProperty(prototype, 'level', { get: spanned('Desk.level', get), set: spanned('Desk.level', set) });
prototype.captured = spanned(capturing, prototype.captured);
prototype.observed = observed({ name: 'Desk.observed', ...observing }, prototype.observed);
prototype.busy = inFlight('desk.busy', prototype.busy);
prototype.waiting = gauged('desk.waiting', prototype.waiting);
prototype.queued = gauged(gauging, prototype.queued);
Desk.open = spanned('Desk.open', Desk.open);

class Branch extends Desk {
  override run<T>(work: () => T): T {
    return super.run(work);
  }
}
Branch.prototype.run = spanned('Branch.run', Branch.prototype.run);

class Stock {
  restock(): string {
    return 'restocked';
  }
}

class Shop extends Stock implements ShopLike {
  order(): string {
    return 'ordered';
  }
  own(): string {
    return 'own';
  }
  measured(): string {
    return 'measured';
  }
  ping(): string {
    return this.order();
  }
  quiet(): string {
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

Shop.prototype.own = spanned('shop.own', Shop.prototype.own);
Shop.prototype.measured = timed(Shop.prototype.measured);
Traced({ inherited: true, except: ['skipped', 'ping', 'quiet'], attributes: { part: 'shop' } })(Shop);

// A function alone does not know its class.
const functionName = (name: string) => name.split('.').pop() ?? name;
behaviour('wrapped functions', { Desk, Branch, Shop, functionName });
