import { once } from 'node:events';
import type { Dir } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SpanStatusCode } from '@opentelemetry/api';
import { from, lastValueFrom, Subject } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeOpenCalls } from '../../src/index.ts';
import { Recorder } from '../recorder.ts';
import { catchFromAsync } from './failures.ts';
import type { Mode } from './index.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** As cursors of databases and answers of language models: for `await`, and not a generator. */
class Cursor {
  #left = 3;
  [Symbol.asyncIterator](): AsyncIterator<number> {
    return {
      next: async () => (this.#left === 0 ? { done: true, value: undefined } : { done: false, value: this.#left-- }),
      return: async () => ({ done: true, value: undefined }),
    };
  }
}

/** Results that outlive the call, also inside a promise, and those that have no end. */
export function openResults({ Desk }: Mode): void {
  let recorder: Recorder;
  beforeEach(() => {
    recorder = Recorder.start();
  });
  afterEach(() => {
    vi.useRealTimers();
    recorder.stop();
  });
  const closings = () => recorder.ended.map((span) => span.attributes['benchlab.call.closed_by']);
  async function readAll(values: AsyncIterable<unknown>): Promise<void> {
    for await (const _ of values) expect(recorder.ended).toEqual([]);
  }

  test('a loop over an object for `await` ends the span, to its end or left early', async () => {
    const desk = new Desk();
    await readAll(desk.run(() => new Cursor()));
    for await (const _ of desk.run(() => new Cursor())) break;
    expect(closings()).toEqual([undefined, undefined]);
  });

  /** As the cursors of databases: rows, some with a field `done`, then `null`. */
  class Rows {
    #left = 2;
    async next(): Promise<object | null> {
      return this.#left-- > 0 ? { id: this.#left, done: true } : null;
    }
    async hasNext(): Promise<boolean> {
      return this.#left > 0;
    }
    async toArray(): Promise<object[]> {
      const rows = [];
      for await (const row of this) rows.push(row);
      return rows;
    }
    async close(): Promise<void> {}
    async *[Symbol.asyncIterator](): AsyncGenerator<object> {
      for (let row = await this.next(); row !== null; row = await this.next()) yield row;
    }
  }

  /** As a list of pages: an iterator, and another one for whole pages. */
  class Pages {
    left = 2;
    async next(): Promise<IteratorResult<number>> {
      return this.left > 0 ? { done: false, value: this.left-- } : { done: true, value: undefined };
    }
    async return(): Promise<IteratorResult<number>> {
      return { done: true, value: undefined };
    }
    async *byPage(): AsyncGenerator<number[]> {
      while (this.left > 0) yield [this.left--];
    }
    [Symbol.asyncIterator](): this {
      return this;
    }
  }

  const folder = new URL('.', import.meta.url);
  test.each<[string, () => object | Promise<object>, (result: never) => Promise<unknown>, number]>([
    ['next of a cursor', () => new Rows(), async (rows: Rows) => [await rows.next(), await rows.next()], 0],
    [
      'next of a cursor up to null',
      () => new Rows(),
      async (rows: Rows) => {
        while ((await rows.next()) !== null);
      },
      1,
    ],
    [
      'hasNext',
      () => new Rows(),
      async (rows: Rows) => {
        while (await rows.hasNext()) await rows.next();
      },
      1,
    ],
    ['toArray', () => new Rows(), (rows: Rows) => rows.toArray(), 1],
    ['close', () => new Rows(), (rows: Rows) => rows.close(), 1],
    [
      'next of an iterator',
      () => new Pages(),
      async (pages: Pages) => {
        while (!(await pages.next()).done);
      },
      1,
    ],
    ['a loop over an iterator', () => new Pages(), (pages: Pages) => readAll(pages), 1],
    ['return of an iterator', () => new Pages(), (pages: Pages) => pages.return(), 1],
    ['byPage', () => new Pages(), (pages: Pages) => readAll(pages.byPage()), 1],
    [
      'read of a directory',
      () => opendir(folder),
      async (dir: Dir) => {
        while ((await dir.read()) !== null);
        await dir.close();
      },
      1,
    ],
    [
      'readSync',
      () => opendir(folder),
      async (dir: Dir) => {
        while (dir.readSync() !== null);
        dir.closeSync();
      },
      1,
    ],
    [
      'close with a callback',
      () => opendir(folder),
      (dir: Dir) => promisify((done: () => void) => dir.close(done))(),
      1,
    ],
  ])('an object for `await` that is used by %s', async (_name, make, use, ended) => {
    const made = await make();
    const keys = Reflect.ownKeys(made);
    const result = new Desk().run(() => made);
    expect(result).toBe(made);
    await use(result as never);
    expect(closings()).toEqual(Array(ended).fill(undefined));
    if (ended === 1) expect(Reflect.ownKeys(made)).toEqual(keys);
  });

  test('a read that fails makes the span of a cursor an error, and the caller gets the error', async () => {
    const rows = new Rows();
    rows.next = () => Promise.reject(new RangeError('cut'));
    new Desk().run(() => rows);
    expect(await catchFromAsync(rows.next())).toBeInstanceOf(RangeError);
    expect(recorder.span('Desk.run').status.code).toBe(SpanStatusCode.ERROR);
  });

  async function* rows(): AsyncGenerator<number> {
    yield 1;
    yield 2;
  }
  test.each<[string, () => AsyncIterable<unknown>]>([
    ['an object for await', () => new Cursor()],
    ['an async generator', rows],
    ['a stream', () => new PassThrough().end('rows')],
    ['a web stream', () => new Blob(['rows']).stream() as unknown as AsyncIterable<unknown>],
  ])('an async method that returns %s has a span until that has ended', async (_name, make) => {
    const result = await new Desk().runAsync(async () => make());
    await new Promise((resolve) => setImmediate(resolve));
    expect(recorder.ended).toEqual([]);
    await readAll(result);
    recorder.span('Desk.runAsync');
  });

  test('an async method that returns an observable has a span until that has completed', async () => {
    const result = await new Desk().runAsync(async () => from([1, 2]));
    expect(recorder.ended).toEqual([]);
    expect(await lastValueFrom(result)).toBe(2);
    recorder.span('Desk.runAsync');
  });

  test('an async method that returns plain values, lists or objects ends with its promise', async () => {
    const desk = new Desk();
    for (const value of [1, undefined, [1], { rows: 1 }, new Map(), Object.create(null)]) {
      expect(await desk.runAsync(async () => value)).toBe(value);
    }
    expect(closings()).toEqual(Array(6).fill(undefined));
  });

  test('a result that no code can use any more closes its call, and the span states it', async () => {
    const desk = new Desk();
    (() => {
      desk.run(() => new Subject());
      desk
        .iterate(function* () {
          yield 1;
        })
        .next();
    })();
    for (let round = 0; round < 50 && recorder.ended.length < 2; round++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      collectGarbage();
    }
    expect(closings()).toEqual(['collected', 'collected']);
  });

  test('a shutdown closes the calls that are open, and the object works as before', () => {
    const subject = new Subject<number>();
    const desk = new Desk();
    desk.run(() => subject);
    desk.run(() => new PassThrough());
    closeOpenCalls();
    expect(closings()).toEqual(['shutdown', 'shutdown']);
    const seen: number[] = [];
    subject.subscribe((value) => seen.push(value));
    subject.next(1);
    desk.named(() => subject).subscribe();
    subject.complete();
    expect([seen, recorder.ended.length]).toEqual([[1], 3]);
  });

  const inFlight = async () => Object.values(await recorder.points('desk.busy'));

  test.each<[string, (socket: PassThrough, read: () => void) => unknown]>([
    ['leaves', (socket, read) => socket.off('data', read)],
    ['is removed with all of its event', (socket) => socket.removeAllListeners('data')],
    ['is removed with all listeners', (socket) => socket.removeAllListeners()],
  ])('calls that are in flight return to zero when the last reader of a shared socket %s', async (_name, leave) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const socket = new PassThrough();
    const desk = new Desk();
    for (let call = 0; call < 5; call++) desk.busy(() => socket);
    const read = (): void => {};
    socket.on('data', read);
    expect(await inFlight()).toEqual([5]);
    leave(socket, read);
    vi.advanceTimersByTime(999);
    expect(await inFlight()).toEqual([5]);
    vi.advanceTimersByTime(1);
    expect(await inFlight()).toEqual([0]);
  });

  test('a socket that is read by `once` for each answer stays in the call until no reader comes back', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const socket = new Desk().run(() => new PassThrough());
    for (const answer of ['1', '2', '3']) {
      setImmediate(() => socket.write(answer));
      expect(String(await once(socket, 'data'))).toBe(answer);
      vi.advanceTimersByTime(999);
    }
    expect(recorder.ended).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(closings()).toEqual(['unsubscribed']);
  });

  test('a connection that is open when it is returned ends with the call, a new one when it is closed', async () => {
    const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const desk = new Desk();
    const socket = desk.run(() => connect((server.address() as AddressInfo).port, '127.0.0.1'));
    await once(socket, 'connect');
    for (let call = 0; call < 3; call++) await desk.runAsync(async () => socket);
    expect(recorder.ended.map((span) => span.name)).toEqual(Array(3).fill('Desk.runAsync'));
    socket.end();
    socket.resume();
    await once(socket, 'close');
    server.close();
    recorder.span('Desk.run');
  });
}
