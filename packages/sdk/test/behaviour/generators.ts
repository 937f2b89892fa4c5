import { SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../recorder.ts';
import { catchFrom, catchFromAsync, raise } from './failures.ts';
import type { Mode } from './index.ts';

const activeId = () => trace.getActiveSpan()?.spanContext().spanId;

export function generators({ Desk }: Mode): void {
  let recorder: Recorder;
  beforeEach(() => {
    recorder = Recorder.start();
  });
  afterEach(() => recorder.stop());

  test('a generator is spanned from its first pull until it is finished', () => {
    const rows = new Desk().iterate(three);
    expect(recorder.ended).toEqual([]);
    expect(rows.next()).toEqual({ value: 1, done: false });
    expect(recorder.ended).toEqual([]);
    expect([...rows]).toEqual([2, 3]);
    expect(rows.next()).toEqual({ value: undefined, done: true });
    expect(recorder.span('Desk.iterate').status.code).toBe(SpanStatusCode.UNSET);
  });

  test('its body runs in the span and what the consumer does between pulls does not', () => {
    const inside: unknown[] = [];
    const outside: unknown[] = [];
    const desk = new Desk();
    const body = function* () {
      for (let i = 0; i < 3; i++) {
        inside.push(activeId());
        desk.named(() => 0);
        yield i;
      }
    };
    for (const _ of desk.iterate(body)) outside.push(activeId());
    const { spanId } = recorder.span('Desk.iterate').spanContext();
    expect(inside).toEqual([spanId, spanId, spanId]);
    expect(outside).toEqual([undefined, undefined, undefined]);
    const children = recorder.ended.filter((span) => span.name === 'desk.named');
    expect(children.map((span) => span.parentSpanContext?.spanId)).toEqual([spanId, spanId, spanId]);
  });

  test('a loop that is left early ends the span, after the clean-up of the body', () => {
    let isCleanedUp = false;
    const body = function* () {
      try {
        yield* [1, 2];
      } finally {
        isCleanedUp = true;
      }
    };
    for (const _ of new Desk().iterate(body)) break;
    expect(isCleanedUp).toBe(true);
    expect(recorder.span('Desk.iterate').status.code).toBe(SpanStatusCode.UNSET);
  });

  test('values and errors that the consumer sends in arrive, and an uncaught one fails the span', () => {
    const body = function* (): Generator<string, string, string> {
      const first = yield 'a';
      try {
        return `${first}${yield 'b'}`;
      } catch (error) {
        return yield `caught ${error}`;
      }
    };
    const talk = new Desk().iterate(body);
    expect(talk.next('ignored').value).toBe('a');
    expect(talk.next('x').value).toBe('b');
    expect(talk.throw('e').value).toBe('caught e');
    expect(catchFrom(() => talk.throw('f'))).toBe('f');
    expect(recorder.span('Desk.iterate').status.code).toBe(SpanStatusCode.ERROR);
  });

  test('a generator that is never pulled, or is ended before, has no span', () => {
    new Desk().iterate(three);
    new Desk().iterate(three).return(0);
    expect(catchFrom(() => new Desk().iterate(three).throw('early'))).toBe('early');
    expect(recorder.ended).toEqual([]);
  });

  test('the caller that asked for a generator is its parent, also where other code pulls it', () => {
    const desk = new Desk();
    const rows = desk.named(() => desk.iterate(three));
    desk.run(() => [...rows]);
    const asked = recorder.span('desk.named').spanContext().spanId;
    expect(recorder.span('Desk.iterate').parentSpanContext?.spanId).toBe(asked);
  });

  test('a body that pulls itself gets the TypeError of the language and continues', () => {
    const body = function* (): Generator<number> {
      expect(catchFrom(() => rows.next())).toBeInstanceOf(TypeError);
      yield 1;
      yield 2;
    };
    const rows: Generator<number> = new Desk().iterate(body);
    expect([...rows]).toEqual([1, 2]);
    expect(recorder.span('Desk.iterate').status.code).toBe(SpanStatusCode.UNSET);
  });

  test('an async generator is spanned the same: finished, with its children, the consumer outside', async () => {
    const outside: unknown[] = [];
    const desk = new Desk();
    const body = async function* () {
      for (let i = 0; i < 2; i++) {
        await Promise.resolve();
        desk.named(() => 0);
        yield i;
      }
    };
    for await (const _ of desk.stream(body)) outside.push(activeId());
    const { spanId } = recorder.span('Desk.stream').spanContext();
    expect(outside).toEqual([undefined, undefined]);
    const children = recorder.ended.filter((span) => span.name === 'desk.named');
    expect(children.map((span) => span.parentSpanContext?.spanId)).toEqual([spanId, spanId]);
  });

  test('an async generator that is ended early, fails, or is pulled ahead of time ends its span once', async () => {
    const desk = new Desk();
    for await (const _ of desk.stream(slowThree)) break;
    expect(recorder.ended.map((span) => span.status.code)).toEqual([SpanStatusCode.UNSET]);

    const failing = async function* () {
      yield 1;
      await Promise.resolve();
      raise(undefined);
    };
    const all = async (): Promise<void> => {
      for await (const _ of desk.stream(failing));
    };
    expect(await catchFromAsync(all())).toBe(undefined);
    expect(recorder.ended.map((span) => span.status.code)).toEqual([SpanStatusCode.UNSET, SpanStatusCode.ERROR]);

    const ahead = desk.stream(slowThree);
    const pulls = await Promise.all([ahead.next(), ahead.next(), ahead.next(), ahead.next(), ahead.return(0)]);
    expect(pulls.map(({ value, done }) => (done ? 'done' : value))).toEqual([1, 2, 3, 'done', 'done']);
    expect(recorder.ended).toHaveLength(3);
  });

  test('a plain method that returns a generator is followed until the generator is finished or ended early', async () => {
    const desk = new Desk();
    const rows = desk.run(() => three());
    expect(Object.prototype.toString.call(rows)).toBe('[object Generator]');
    expect(recorder.ended).toEqual([]);
    expect([...rows]).toEqual([1, 2, 3]);
    desk.run(() => three()).return(0);
    expect(catchFrom(() => desk.run(() => three()).throw('early'))).toBe('early');
    for await (const _ of desk.run(() => slowThree()));
    const { UNSET, ERROR } = SpanStatusCode;
    expect(recorder.ended.map((span) => span.status.code)).toEqual([UNSET, UNSET, ERROR, UNSET]);
  });

  test('a generator stays the same kind of object, made by the method', () => {
    const desk = new Desk();
    const rows = desk.iterate(three);
    expect(Object.prototype.toString.call(rows)).toBe('[object Generator]');
    expect(Object.prototype.toString.call(desk.iterate)).toBe('[object GeneratorFunction]');
    expect(Object.prototype.toString.call(desk.stream)).toBe('[object AsyncGeneratorFunction]');
    expect(rows).toBeInstanceOf(desk.iterate);
    expect(rows[Symbol.iterator]()).toBe(rows);
    expect(Object.keys(rows)).toEqual([]);
  });

  test('an unsampled generator runs in its span all the same, so that its children are not sampled', () => {
    recorder.stop();
    recorder.register({ sampled: false });
    const ids: unknown[] = [];
    const body = function* () {
      ids.push(activeId());
      yield 1;
      ids.push(activeId());
    };
    expect([...new Desk().iterate(body)]).toEqual([1]);
    expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(ids[1]).toBe(ids[0]);
  });
}

function* three(): Generator<number> {
  yield* [1, 2, 3];
}

async function* slowThree(): AsyncGenerator<number> {
  for (const row of [1, 2, 3]) {
    await Promise.resolve();
    yield row;
  }
}
