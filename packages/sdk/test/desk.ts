import { type Attributes, SpanKind } from '@opentelemetry/api';
import type { CapturedAttributes, CountedConfig, ObservedConfig, SpanConfig, TimedConfig } from '../src/index.ts';

/** The key of a method. */
export const desk: unique symbol = Symbol('desk');

/** What the decorated classes of every mode look like: each method does the work that a test gives it. */
export interface Desk {
  /** A plain `@Span`, as `runAsync`, `iterate`, `stream` and the symbol. */
  run<T>(work: () => T): T;
  runAsync<T>(work: () => Promise<T>): Promise<T>;
  iterate<T, R, N>(work: () => Generator<T, R, N>): Generator<T, R, N>;
  stream<T, R, N>(work: () => AsyncGenerator<T, R, N>): AsyncGenerator<T, R, N>;
  [desk]<T>(work: () => T): T;
  /** Calls a private `@Span`. */
  private<T>(work: () => T): T;
  /** `@Span('desk.named')` */
  named<T>(work: () => T): T;
  /** `@Span(configured)` */
  configured<T>(id: number, work: () => T): T;
  /** `@Span(faulty)` */
  faulty<T>(work: () => T): T;
  /** `@Timed` */
  timed<T>(work: () => T): T;
  /** `@Timed` over a generator. */
  timedRows(): Generator<number>;
  /** `@Counted(counting)` */
  counted<T>(id: number, work: () => T): T;
  /** `@Counted(onlyFailures)` */
  failed<T>(work: () => T): T;
  /** `@Counted @Timed @Span` */
  all<T>(work: () => T): T;
  /** `@Span` on the getter and on the setter, which also throws what it is given when that is an error. */
  level: unknown;
  /** `@Span(capturing)` */
  captured<T>(given: unknown, work: () => T): T;
  /** `@Observed(observing)` */
  observed<T>(work: () => T): T;
  /** `@InFlight('desk.busy')` */
  busy<T>(work: () => T): T;
  /** `@Gauged('desk.waiting')` */
  waiting(work: () => number): number;
  /** `@Gauged(gauging)` over a promise of a list. */
  queued(work: () => Promise<number[]>): Promise<number[]>;
}

/** What a class decorator finds in a class: everything that it marks, and everything that it leaves alone. */
export interface Shop {
  order(): string;
  /** Has a `@Span('shop.own')`. */
  own(): string;
  /** Has a `@Timed`. */
  measured(): string;
  /** Is `@Untraced`, and calls `order`. */
  ping(): string;
  /** Is `@Untraced` beneath a `@Timed`. */
  quiet(): string;
  skipped(): string;
  readonly name: string;
  onModuleInit(): void;
  /** Of the superclass, without a mark. */
  restock(): string;
  toString(): string;
}

export interface ShopClass {
  new (): Shop;
  open(): string;
}

export interface DeskClass {
  new (): Desk;
  /** `@Span` */
  open<T>(work: () => T): T;
}

/** How often the selectors have run, and what the faulty ones do. */
export const selectors = { runs: 0, fault: (): unknown => undefined };

export const configured: SpanConfig<[id: number]> = {
  name: (id) => `desk.${id % 10}`,
  kind: SpanKind.CLIENT,
  root: true,
  attributes: (id) => {
    selectors.runs += 1;
    return { 'desk.id': id };
  },
};

export class NotFound extends Error {}

export const capturing: SpanConfig<[given: unknown], unknown> = {
  attributes: (given) => {
    selectors.runs += 1;
    return { given } as CapturedAttributes;
  },
  result: (result) => {
    selectors.runs += 1;
    return { result } as CapturedAttributes;
  },
};

export const observing: ObservedConfig = {
  metric: 'desk.observed',
  labels: { tier: 'gold' },
  expected: (error) => error instanceof NotFound || selectors.fault() === true,
};

export const gauging = { metric: 'desk.queued', unit: '{job}', value: (jobs: number[]) => jobs.length };

export const faulty: SpanConfig = {
  name: () => selectors.fault() as string,
  attributes: () => selectors.fault() as Attributes,
  result: () => selectors.fault() as Attributes,
};

export const timing: TimedConfig = { metric: 'desk.duration', buckets: [0.1, 1, 10], attributes: { tier: 'gold' } };
export const counting: CountedConfig<[id: number]> = { metric: 'desk.calls', attributes: (id) => ({ id }) };
export const onlyFailures: CountedConfig = { metric: 'desk.failures', only: 'failure' };
