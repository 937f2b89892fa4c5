import { SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../recorder.ts';
import { catchFrom } from './failures.ts';
import type { Mode } from './index.ts';

export function accessors({ Desk, Branch }: Mode): void {
  let recorder: Recorder;
  beforeEach(() => {
    recorder = Recorder.start();
  });
  afterEach(() => recorder.stop());

  test('a getter and a setter are spans under the name of their property, and work as before', () => {
    const desk = new Desk();
    expect(desk.level).toBe(1);
    desk.level = 2;
    expect(desk.level).toBe(2);
    expect(recorder.ended.map((span) => span.name)).toEqual(['Desk.level', 'Desk.level', 'Desk.level']);
  });

  test('a setter that throws makes its span an error', () => {
    const error = new RangeError('too high');
    expect(
      catchFrom(() => {
        new Desk().level = error;
      }),
    ).toBe(error);
    expect(recorder.span('Desk.level').status.code).toBe(SpanStatusCode.ERROR);
  });

  test('an inherited accessor is named after the class that has it', () => {
    expect(new Branch().level).toBe(1);
    recorder.span('Desk.level');
  });

  test('the accessor stays on the prototype, both halves with their names', () => {
    const { get, set } = Object.getOwnPropertyDescriptor(Desk.prototype, 'level') ?? {};
    expect([get?.name, get?.length, set?.name, set?.length]).toEqual(['get level', 0, 'set level', 1]);
    expect(Object.keys(new Desk())).toEqual([]);
  });
}
