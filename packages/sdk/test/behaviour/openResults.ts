import { PassThrough } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { from, lastValueFrom, Subject } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeOpenCalls } from '../../src/index.ts';
import { Recorder } from '../recorder.ts';
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
  afterEach(() => recorder.stop());
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

  test('calls that are in flight return to zero when the last reader of a shared socket leaves', async () => {
    const socket = new PassThrough();
    const desk = new Desk();
    for (let call = 0; call < 5; call++) desk.busy(() => socket);
    const read = (): void => {};
    socket.on('data', read);
    expect(await inFlight()).toEqual([5]);
    socket.off('data', read);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await inFlight()).toEqual([0]);
  });
}
