import { SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../recorder.ts';
import { catchFromAsync } from './failures.ts';
import type { Mode } from './index.ts';

/** As query builders do: nothing happens until `then`, and every `then` runs the query again. */
class Query {
  runs = 0;
  ranIn: string | undefined;
  readonly #answer: () => unknown;

  constructor(answer: () => unknown) {
    this.#answer = answer;
  }

  // biome-ignore lint/suspicious/noThenProperty: the object under test.
  // biome-ignore lint/suspicious/noExplicitAny: the shape that a PromiseLike has.
  then(onValue?: ((value: any) => unknown) | null, onError?: ((error: unknown) => unknown) | null): Promise<unknown> {
    this.runs += 1;
    this.ranIn = trace.getActiveSpan()?.spanContext().spanId;
    return Promise.resolve().then(this.#answer).then(onValue, onError);
  }
}

export function thenables({ Desk }: Mode): void {
  let recorder: Recorder;
  beforeEach(() => {
    recorder = Recorder.start();
  });
  afterEach(() => recorder.stop());

  test('the caller gets the same lazy thenable, unexecuted; the span ends when it has settled', async () => {
    const query = new Query(() => 'rows');
    expect(new Desk().run(() => query)).toBe(query);
    await Promise.resolve();
    expect(query.runs).toBe(0);
    expect(recorder.ended).toEqual([]);
    expect(await query).toBe('rows');
    const span = recorder.span('Desk.run');
    expect(query.runs).toBe(1);
    expect(query.ranIn).toBe(span.spanContext().spanId);
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
  });

  test('after its first use a thenable is as before: a second use has no span', async () => {
    const query = new Query(() => 1);
    new Desk().run(() => query);
    await query;
    expect(Object.hasOwn(query, 'then')).toBe(false);
    await query;
    expect(query.runs).toBe(2);
    expect(recorder.ended).toHaveLength(1);
  });

  test('what the caller does with the result is not in the span', async () => {
    const query = new Query(() => 1);
    new Desk().run(() => query);
    expect(await query.then(() => trace.getActiveSpan())).toBeUndefined();
  });

  test('a thenable that fails makes the span an error and the caller gets the error', async () => {
    const query = new Query(() => Promise.reject(undefined));
    expect(await catchFromAsync(Promise.resolve(new Desk().run(() => query)))).toBe(undefined);
    expect(recorder.span('Desk.run').status.code).toBe(SpanStatusCode.ERROR);
  });

  test('a thenable that cannot be changed reaches the caller, and its span ends with the call', () => {
    const query = Object.freeze(new Query(() => 1));
    expect(new Desk().run(() => query)).toBe(query);
    recorder.span('Desk.run');
  });

  test('a thenable that every call returns keeps a bounded number of spans, and still works', async () => {
    const shared = new Query(() => 'rows');
    const desk = new Desk();
    for (let call = 0; call < 10_000; call++) expect(desk.run(() => shared)).toBe(shared);
    expect(recorder.ended).toHaveLength(9_984);
    expect(await shared).toBe('rows');
    expect([shared.runs, recorder.ended.length]).toEqual([1, 10_000]);
  });

  test('a promise of a subclass keeps its class, and a lazy one stays unexecuted', async () => {
    class Task<T> extends Promise<T> {}
    const task = new Desk().run(() => Task.resolve(1));
    expect(task).toBeInstanceOf(Task);
    expect(await task).toBe(1);
    let starts = 0;
    class Lazy<T> extends Promise<T> {
      // biome-ignore lint/suspicious/noThenProperty: the object under test.
      override then<A = T, B = never>(...handlers: Parameters<Promise<T>['then']>): Promise<A | B> {
        starts += 1;
        return super.then(...handlers) as Promise<A | B>;
      }
    }
    const lazy = new Lazy<number>((resolve) => resolve(2));
    expect(new Desk().named(() => lazy)).toBe(lazy);
    expect(starts).toBe(0);
    expect(await lazy).toBe(2);
    recorder.span('desk.named');
  });

  test('helpers that a library puts on its promise are still there', async () => {
    const list = Object.assign(Promise.resolve([1]), { toArray: () => 'all' });
    const result = new Desk().run(() => list);
    expect(result.toArray()).toBe('all');
    expect(await result).toEqual([1]);
  });

  /** As Mongoose, Drizzle and Prisma do: `then` is one of the ways to start the query. */
  class Started extends Query {
    exec(): Promise<unknown> {
      return this.then();
    }
    requestTransaction(): Promise<unknown> {
      return this.exec();
    }
    where(): this {
      return this;
    }
    // As Prisma: it does not pass through `then`.
    catch(onError: (error: unknown) => unknown): Promise<unknown> {
      return Promise.reject(new RangeError('refused')).catch(onError);
    }
  }

  test.each<[string, (query: Started) => unknown]>([
    ['exec', (query) => query.exec()],
    ['requestTransaction', (query) => query.requestTransaction()],
    ['a step of the builder, then exec', (query) => query.where().exec()],
    ['then', (query) => query],
  ])('a lazy query that is started by %s ends its span when it has settled', async (_name, start) => {
    const query = new Started(() => 'rows');
    new Desk().run(() => query);
    query.where();
    expect(recorder.ended).toEqual([]);
    expect(await start(query)).toBe('rows');
    recorder.span('Desk.run');
    expect(Object.keys(Object.getOwnPropertyDescriptors(query))).toEqual(['runs', 'ranIn']);
  });

  test('a query that starts and fails in `catch` is a failure, and the handler gets the error', async () => {
    const query = new Started(() => 'rows');
    new Desk().run(() => query);
    expect(await query.catch((error) => error)).toBeInstanceOf(RangeError);
    expect(recorder.span('Desk.run').status.code).toBe(SpanStatusCode.ERROR);
  });

  test('a query that fails in `exec` has a span that failed, and an unhandled error stays unhandled', async () => {
    const error = new RangeError('refused');
    const query = new Started(() => Promise.reject(error));
    new Desk().run(() => query);
    expect(await catchFromAsync(query.exec())).toBe(error);
    expect(recorder.span('Desk.run').status.code).toBe(SpanStatusCode.ERROR);
  });

  test('a builder with hundreds of methods is followed by those that start a query', async () => {
    const step = { configurable: true, writable: true, value() {} };
    const steps = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`step${i}`, step]));
    const query = Object.defineProperties(new Started(() => 'rows'), {});
    Object.setPrototypeOf(query, Object.create(Started.prototype, steps));
    new Desk().run(() => query);
    expect(Object.hasOwn(query, 'step7')).toBe(false);
    expect(await query.exec()).toBe('rows');
    recorder.span('Desk.run');
  });

  test('classes and functions that a query holds stay the same objects', async () => {
    class Model {
      static count = 3;
      name = 'row';
    }
    const done = Object.assign(() => 'done', { calls: 1 });
    const make = () =>
      Object.assign(new Started(() => 'rows'), { model: Model, done, get: Model, all: done, filter: () => [] });
    const [plain, query] = [make(), make()];
    new Desk().run(() => query);
    expect([query.model, query.done, query.get, query.all]).toEqual([Model, done, Model, done]);
    expect(new query.model()).toBeInstanceOf(Model);
    expect(Object.keys(query)).toEqual(Object.keys(plain));
    expect(await query.exec()).toBe('rows');
    recorder.span('Desk.run');
  });

  test('a method that returns another promise does not end the span of a job that fails later', async () => {
    class Job extends Query {
      async progress(): Promise<number> {
        return 0.5;
      }
    }
    const job = new Job(() => Promise.reject(new RangeError('jammed')));
    new Desk().run(() => job);
    expect(await job.progress()).toBe(0.5);
    expect(recorder.ended).toEqual([]);
    expect(await catchFromAsync(job.then())).toBeInstanceOf(RangeError);
    expect(recorder.span('Desk.run').status.code).toBe(SpanStatusCode.ERROR);
  });

  test('the promise of a method that starts a query keeps what the library puts on it', async () => {
    class Cancellable extends Started {
      override exec(): Promise<unknown> & { cancel(): string } {
        return Object.assign(super.exec(), { cancel: () => 'cancelled' });
      }
    }
    const query = new Cancellable(() => 'rows');
    new Desk().run(() => query);
    const started = query.exec();
    expect(started.cancel()).toBe('cancelled');
    expect(await started).toBe('rows');
    recorder.span('Desk.run');
  });

  /** As immutable builders do: each step of any name makes a new one. */
  class Steps extends Query {
    where(): Steps {
      return new Steps(() => ['rows', trace.getActiveSpan()?.spanContext().spanId]);
    }
    also(): Steps {
      return this.where().where();
    }
    exec(): Promise<unknown> {
      return this.then();
    }
  }

  test.each<[string, (query: Steps) => unknown]>([
    ['awaited', (query) => query.where().also()],
    ['started by exec', (query) => query.also().where().exec()],
  ])('a builder whose methods return a new one has one span and one count, when the last is %s', async (_how, use) => {
    const query = new Desk().all(() => new Steps(() => []));
    await Promise.resolve();
    expect(recorder.ended).toEqual([]);
    const [, ranIn] = (await use(query)) as string[];
    expect(recorder.ended).toHaveLength(1);
    expect(ranIn).toBe(recorder.ended[0]?.spanContext().spanId);
    expect(Object.values(await recorder.points('benchlab.calls'))).toEqual([1]);
    await query;
    await query.where();
    expect(recorder.ended).toHaveLength(1);
  });

  test('a query that fails in a builder made from it has a span that failed', async () => {
    class Failing extends Query {
      clone(): Failing {
        return new Failing(() => Promise.reject(new RangeError('refused')));
      }
    }
    const query = new Desk().run(() => new Failing(() => []));
    expect(await catchFromAsync(query.clone().then())).toBeInstanceOf(RangeError);
    expect(recorder.span('Desk.run').status.code).toBe(SpanStatusCode.ERROR);
  });

  test('a query behind a proxy that calls methods on the query itself ends its span', async () => {
    const query = new Started(() => 'rows');
    const behind = new Proxy(query, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    new Desk().run(() => behind);
    expect(await behind.exec()).toBe('rows');
    recorder.span('Desk.run');
    new Desk().named(() => behind);
    expect(await behind).toBe('rows');
    recorder.span('desk.named');
    expect(Object.getPrototypeOf(query)).toBe(Started.prototype);
  });

  test('a query with methods of its own ends its span by them, and by those of its class', async () => {
    for (const key of ['exec', 'run'] as const) {
      const query = Object.assign(new Started(() => 'rows'), { run: () => Promise.resolve('own') });
      // biome-ignore lint/suspicious/noThenProperty: the object under test.
      Object.assign(query, { then: Query.prototype.then });
      new Desk().run(() => query);
      expect(await query[key]()).toBe(key === 'exec' ? 'rows' : 'own');
    }
    expect(recorder.ended).toHaveLength(2);
  });

  test('a method that the library replaces on its class while a query is open is the one that runs', async () => {
    class Patched extends Started {}
    const query = new Patched(() => 'rows');
    new Desk().run(() => query);
    Patched.prototype.exec = async () => 'patched';
    expect(await query.exec()).toBe('patched');
    recorder.span('Desk.run');
  });
}
