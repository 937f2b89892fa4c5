import { once } from 'node:events';
import { Duplex, PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../recorder.ts';
import { catchFrom, catchFromAsync } from './failures.ts';
import type { Mode } from './index.ts';

export function streams({ Desk }: Mode): void {
  let recorder: Recorder;
  beforeEach(() => {
    recorder = Recorder.start();
  });
  afterEach(() => recorder.stop());
  const statuses = () => recorder.ended.map((span) => span.status.code);

  test('the caller gets the same readable stream, unread; the span ends when it has been read', async () => {
    const stream = Readable.from(['a', 'b']);
    expect(new Desk().run(() => stream)).toBe(stream);
    expect([stream.readableFlowing, stream.listenerCount('error')]).toEqual([null, 0]);
    expect(recorder.ended).toEqual([]);
    const chunks: unknown[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks).toEqual(['a', 'b']);
    expect(recorder.span('Desk.run').status.code).toBe(SpanStatusCode.UNSET);
    expect(Object.hasOwn(stream, 'emit')).toBe(false);
  });

  test('a loop over a stream that is left early ends the span as a success', async () => {
    for await (const _ of new Desk().run(() => Readable.from([1, 2, 3]))) break;
    await turn();
    expect(statuses()).toEqual([SpanStatusCode.UNSET]);
  });

  test('a stream that fails makes the span an error, and its error is still unhandled without a listener', async () => {
    const stream = new Desk().run(() => new Readable({ read: () => {} }));
    const error = new RangeError('cut');
    // Emitters throw an error that has no listener.
    expect(catchFrom(() => stream.emit('error', error))).toBe(error);
    expect(recorder.span('Desk.run').attributes['error.type']).toBe('RangeError');
  });

  test('a writable stream ends its span when all is written', async () => {
    const written: string[] = [];
    const stream = new Desk().run(
      () =>
        new Writable({
          write(chunk, _encoding, done) {
            written.push(`${chunk}`);
            done();
          },
        }),
    );
    stream.write('a');
    await Promise.resolve();
    expect(recorder.ended).toEqual([]);
    await pipeline(Readable.from(['b']), stream);
    expect(written).toEqual(['a', 'b']);
    expect(statuses()).toEqual([SpanStatusCode.UNSET]);
  });

  test('a duplex stream ends its span when both of its sides have ended', async () => {
    const stream = new Desk().run(() => new PassThrough());
    stream.end('x');
    await once(stream, 'finish');
    expect(recorder.ended).toEqual([]);
    for await (const _ of stream);
    expect(statuses()).toEqual([SpanStatusCode.UNSET]);
  });

  test('a stream that is destroyed with an error makes the span an error, and its listener gets it', async () => {
    const stream = new Desk().run(() => new Readable({ read: () => {} }));
    stream.destroy(new RangeError('cut'));
    expect(await catchFromAsync(stream.toArray())).toBeInstanceOf(Error);
    expect(statuses()).toEqual([SpanStatusCode.ERROR]);
  });

  test('a stream that has ended before, or cannot be changed, ends its span with the call', async () => {
    const ended = Readable.from([1]);
    await ended.toArray();
    expect(new Desk().run(() => ended)).toBe(ended);
    const frozen = Object.preventExtensions(new Duplex());
    expect(new Desk().run(() => frozen)).toBe(frozen);
    expect(statuses()).toEqual([SpanStatusCode.UNSET, SpanStatusCode.UNSET]);
  });

  test('spans and durations of nested methods wait for the same stream', async () => {
    const desk = new Desk();
    const stream = desk.run(() => desk.all(() => Readable.from([1])));
    expect(recorder.ended).toEqual([]);
    await stream.toArray();
    expect(recorder.ended.map((span) => span.name)).toEqual(['Desk.all', 'Desk.run']);
    expect(Object.values(await recorder.points('benchlab.call.duration'))).toEqual([1]);
  });

  test('a stream that every call returns keeps a bounded number of spans', () => {
    const shared = new PassThrough();
    const desk = new Desk();
    for (let call = 0; call < 1_000; call++) expect(desk.run(() => shared)).toBe(shared);
    expect(recorder.ended).toHaveLength(984);
    expect(() => shared.emit('pause')).not.toThrow();
    shared.emit('close');
    expect(recorder.ended).toHaveLength(1_000);
  });

  test('an emitter that is not a stream ends its span with the call', () => {
    new Desk().run(() => process);
    expect(recorder.ended).toHaveLength(1);
  });

  const web = (chunks: unknown[], more: object = {}) =>
    new ReadableStream({
      pull(controller) {
        const chunk = chunks.shift();
        if (chunk === undefined) controller.close();
        else if (chunk instanceof Error) controller.error(chunk);
        else controller.enqueue(chunk);
      },
      ...more,
    });

  test.each<[string, (stream: ReadableStream) => Promise<unknown>]>([
    ['a reader', (stream) => readAll(stream)],
    ['iteration', async (stream) => Readable.fromWeb(stream as never).toArray()],
    ['a loop', (stream) => loop(stream)],
    ['pipeTo', (stream) => stream.pipeTo(new WritableStream())],
    ['pipeThrough', (stream) => readAll(stream.pipeThrough(new TransformStream()))],
    ['tee', async (stream) => Promise.all(stream.tee().map(readAll))],
    ['a Response', (stream) => new Response(stream.pipeThrough(new TextEncoderStream())).text()],
    ['cancel', (stream) => stream.cancel('enough')],
  ])('the caller gets the same web stream, unlocked; consumed by %s it ends its span', async (_name, consume) => {
    const stream = web(['a', 'b']);
    expect(new Desk().run(() => stream)).toBe(stream);
    await Promise.resolve();
    expect([stream.locked, recorder.ended]).toEqual([false, []]);
    await consume(stream);
    await turn();
    expect(statuses()).toEqual([SpanStatusCode.UNSET]);
  });

  test.each<[string, (stream: ReadableStream) => Promise<unknown>]>([
    ['a reader', (stream) => readAll(stream)],
    ['a loop', (stream) => loop(stream)],
    ['pipeTo', (stream) => stream.pipeTo(new WritableStream())],
  ])('a web stream that fails under %s makes the span an error', async (_name, consume) => {
    const error = new RangeError('cut');
    expect(await catchFromAsync(consume(new Desk().run(() => web(['a', error]))))).toBe(error);
    await turn();
    expect(statuses()).toEqual([SpanStatusCode.ERROR]);
  });

  test('a reader that releases a web stream does not end the span, and the next one does', async () => {
    const stream = new Desk().run(() => web(['a', 'b']));
    const reader = stream.getReader();
    await reader.read();
    reader.releaseLock();
    await Promise.resolve();
    expect(recorder.ended).toEqual([]);
    expect(await readAll(stream)).toEqual(['b']);
    await turn();
    expect(statuses()).toEqual([SpanStatusCode.UNSET]);
    expect(Object.getOwnPropertyNames(stream)).toEqual([]);
  });

  test('a web stream that is being read already ends its span with the call', () => {
    const stream = web([]);
    stream.getReader();
    expect(new Desk().run(() => stream)).toBe(stream);
    expect(recorder.ended).toHaveLength(1);
  });

  test('what the source of a web stream does for a loop is in the span, and the loop is not', async () => {
    const inside: unknown[] = [];
    const outside: unknown[] = [];
    const active = () => trace.getActiveSpan()?.spanContext().spanId;
    let pulls = 0;
    const stream = new ReadableStream(
      {
        pull(controller) {
          inside.push(active());
          controller.enqueue(pulls);
          if (++pulls === 2) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    for await (const _ of new Desk().run(() => stream)) outside.push(active());
    const { spanId } = recorder.span('Desk.run').spanContext();
    expect(inside).toEqual([spanId, spanId]);
    expect(outside).toEqual([undefined, undefined]);
  });
}

async function readAll(stream: ReadableStream): Promise<unknown[]> {
  const reader = stream.getReader();
  const chunks: unknown[] = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
  return chunks;
}

async function loop(stream: ReadableStream): Promise<void> {
  for await (const _ of stream);
}
