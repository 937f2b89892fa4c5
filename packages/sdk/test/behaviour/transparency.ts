import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Desk as DeskLike, desk } from '../desk.ts';
import { Recorder } from '../recorder.ts';
import type { Mode } from './index.ts';

export function transparency({ Desk, Branch }: Mode): void {
  let recorder: Recorder;
  beforeEach(() => {
    recorder = Recorder.start();
  });
  afterEach(() => recorder.stop());

  test('the wrapper has the name and length of the method, and is not a constructor', () => {
    const { run, configured } = new Desk();
    expect([run.name, run.length]).toEqual(['run', 1]);
    expect([configured.name, configured.length]).toEqual(['configured', 2]);
    expect(Object.hasOwn(run, 'prototype')).toBe(false);
    expect(Object.prototype.toString.call(new Desk().runAsync)).toBe('[object AsyncFunction]');
  });

  test('the method stays on the prototype and not enumerable', () => {
    const property = Object.getOwnPropertyDescriptor(Desk.prototype, 'named');
    expect(property).toMatchObject({ writable: true, configurable: true });
    expect(Object.keys(new Desk())).toEqual([]);
  });

  test('a frozen object works', () => {
    expect(Object.freeze(new Desk()).run(() => 1)).toBe(1);
    recorder.span('Desk.run');
  });

  test('private, static and symbol methods work and are named', () => {
    expect(new Desk().private(() => 1)).toBe(1);
    expect(Desk.open(() => 2)).toBe(2);
    expect(new Desk()[desk](() => 3)).toBe(3);
    expect(recorder.ended.map((span) => span.name.replace('#', ''))).toEqual([
      'Desk.hidden',
      'Desk.open',
      'Desk.[desk]',
    ]);
  });

  test('an inherited static method works', () => {
    expect(Branch.open(() => 2)).toBe(2);
    recorder.span('Desk.open');
  });

  test('a method taken off its object still runs', () => {
    const { run } = Desk.prototype as DeskLike;
    expect(Reflect.apply(run, undefined, [() => 1])).toBe(1);
    expect(recorder.ended).toHaveLength(1);
  });
}
