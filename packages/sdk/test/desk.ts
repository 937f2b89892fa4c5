import { type Attributes, SpanKind } from '@opentelemetry/api';
import type { CountedConfig, SpanConfig, TimedConfig } from '../src/index.ts';

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

export const faulty: SpanConfig = {
  name: () => selectors.fault() as string,
  attributes: () => selectors.fault() as Attributes,
};

export const timing: TimedConfig = { metric: 'desk.duration', buckets: [0.1, 1, 10], attributes: { tier: 'gold' } };
export const counting: CountedConfig<[id: number]> = { metric: 'desk.calls', attributes: (id) => ({ id }) };
export const onlyFailures: CountedConfig = { metric: 'desk.failures', only: 'failure' };
