import { DiagLogLevel, diag } from '@opentelemetry/api';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Redactor } from './redactor.ts';
import type { RedactRule } from './redactRule.ts';

const key = 'a key of 16 characters';
const attributes = (given: Record<string, unknown>, ...rules: RedactRule[]): unknown =>
  new Redactor(rules).attributes(given as never);
const action = (redactor: Redactor, name: string): number | undefined =>
  redactor.counts().find((each) => each.attributes?.['benchlab.redaction.action'] === name)?.value;

afterEach(() => diag.disable());

describe('attributes', () => {
  it('stay the same object where nothing changes', () => {
    const given = { a: 1, b: ['x'], c: Number.NaN };
    expect(attributes(given, { mask: /secret/ }, { drop: ['d'] })).toStrictEqual(given);
    expect(attributes({ a: 'x' })).toEqual({ a: 'x' });
  });

  it('are dropped by name, by the beginning of a name and by pattern', () => {
    const given = { 'user.id': 1, 'user.name': 'x', user: 2, 'x.email': 3, rest: true };
    expect(attributes(given, { drop: ['user.*', /email$/g] })).toEqual({ user: 2, rest: true });
  });

  it('of other names than the allowed are dropped, except what a store needs to place a signal', () => {
    const given = { a: 1, b: 2, 'service.name': 'shop', 'otel.metric.overflow': true };
    const kept = { 'service.name': 'shop', 'otel.metric.overflow': true };
    expect(attributes(given, { allow: ['a'] })).toEqual({ a: 1, ...kept });
    expect(attributes(given, { allow: [] })).toEqual(kept);
    expect(attributes(given, { allow: ['a'] }, { allow: ['b'] }, { drop: ['a'] })).toEqual({ b: 2, ...kept });
  });

  it('become a keyed hash that is equal for equal values, also of numbers and in lists', () => {
    const result = attributes({ a: '7', b: 7, c: ['7', '8'], d: '7' }, { hash: ['a', 'b', 'c'], key }) as {
      [name: string]: string | string[];
    };
    expect(result.a).toMatch(/^[0-9a-f]{32}$/);
    expect(result.b).toBe(result.a);
    expect(result.c?.[0]).toBe(result.a);
    expect(result.c?.[1]).not.toBe(result.a);
    expect(result.d).toBe('7');
    expect(attributes({ a: '7' }, { hash: ['a'], key: `${key}2` })).not.toEqual({ a: result.a });
  });

  it('are masked where they match, in each place, also as numbers and in lists', () => {
    const given = {
      a: 'card 4111111111111111 and 4111111111111112',
      b: 4111111111111111,
      c: ['x', '4111111111111111'],
    };
    expect(attributes(given, { mask: /\d{16}/ })).toEqual({
      a: 'card [masked] and [masked]',
      b: '[masked]',
      c: ['x', '[masked]'],
    });
    expect(attributes({ list: [1, 4111111111111111] }, { mask: /\d{16}/ })).toEqual({ list: ['1', '[masked]'] });
  });

  it('are masked by several patterns, alike or not', () => {
    const given = { one: 'ab AB xx ANNA', two: 'none' };
    const alike: RedactRule[] = [{ mask: [/ab/, /NN/] }, { mask: /x/ }];
    expect(attributes(given, ...alike)).toEqual({ one: '[masked] AB [masked][masked] A[masked]A', two: 'none' });
    expect(attributes(given, { mask: [/(N)\1/, /xx/y] })).toEqual({ one: 'ab AB [masked] A[masked]A', two: 'none' });
    expect(attributes(given, { mask: [/ab/i, /xx/] })).toEqual({ one: '[masked] [masked] [masked] ANNA', two: 'none' });
  });

  it('are masked as a whole where they look like a credential, or have the name of one', () => {
    const given = { a: 'Bearer abc', 'db.password': 'x', 'gen_ai.usage.input_tokens': 5, b: 'postgres://u:pw@host/db' };
    expect(attributes(given, { mask: 'secrets' })).toEqual({
      a: '[masked]',
      'db.password': '[masked]',
      'gen_ai.usage.input_tokens': 5,
      b: '[masked]',
    });
    expect(attributes(given, { mask: 'secrets', names: ['b'] })).toEqual({ ...given, b: '[masked]' });
  });

  it('have their names masked, too', () => {
    expect(attributes({ 'header.hunter2': 'x', b: 1 }, { mask: /hunter2/ })).toEqual({ 'header.[masked]': 'x', b: 1 });
  });

  it('are masked only in the names of the rule', () => {
    const given = { a: 'secret', b: 'secret', 'secret.c': 1 };
    expect(attributes(given, { mask: /secret/, names: ['a'] })).toEqual({ a: '[masked]', b: 'secret', 'secret.c': 1 });
  });

  it('are replaced by a function, which may drop them, in the order of the rules', () => {
    const rules: RedactRule[] = [
      { mask: /x/ },
      { replace: (value, name) => (name === 'gone' ? undefined : `${String(value)}!`) },
      { mask: /!/ },
    ];
    expect(attributes({ a: 'x', b: true, gone: 1 }, ...rules)).toEqual({ a: '[masked][masked]', b: 'true[masked]' });
  });

  it('whose rule throws, or returns something else, are dropped, counted and reported without the value', () => {
    const warn = vi.fn();
    diag.setLogger({ warn } as never, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    const redactor = new Redactor([
      {
        replace: (value) => {
          if (value === 'a secret') throw new Error(`cannot take ${value}`);
          return value === 'b' ? ({} as never) : value;
        },
      },
    ]);
    expect(redactor.attributes({ a: 'a secret', b: 'b', c: 'c' })).toEqual({ c: 'c' });
    expect(action(redactor, 'failed')).toBe(2);
    expect(warn).toHaveBeenCalledTimes(2);
    expect(JSON.stringify(warn.mock.calls)).not.toContain('secret');
  });

  it('are cut at a million characters before they are searched', () => {
    const result = attributes({ a: 'x'.repeat(10_000_000) }, { mask: /y/ }) as { a: string };
    expect(result.a).toHaveLength(1_048_576 + '[cut]'.length);
  });
});

it('counts what was done with values', () => {
  const redactor = new Redactor([{ drop: ['a'] }, { hash: ['b'], key }, { mask: /c/ }]);
  redactor.attributes({ a: 1, b: 1, x: 'c', d: 1 });
  redactor.attributes({ a: 1, b: 1, x: 'c', d: 1 });
  expect(['dropped', 'hashed', 'masked', 'failed'].map((name) => action(redactor, name))).toEqual([2, 2, 2, 0]);
  expect(redactor.counts().map(({ value }) => value)).toEqual([2, 2, 2, 0, 0]);
});

it('forgets names and values at its bounds, and still redacts', () => {
  const redactor = new Redactor([{ mask: /secret/ }, { hash: ['h'], key }]);
  for (let k = 0; k < 10_000; k++) {
    expect(redactor.attributes({ [`name${k}`]: `secret ${k}` })).toEqual({ [`name${k}`]: `[masked] ${k}` });
  }
  const first = redactor.attributes({ h: 'x' });
  for (let k = 0; k < 2_000; k++) redactor.attributes({ h: k });
  expect(redactor.attributes({ h: 'x' })).toEqual(first);
});

describe('a value with values in it', () => {
  const redactor = new Redactor([{ drop: ['user', 'a.b'] }, { mask: /secret/ }, { hash: ['whole'], key }]);

  it('is redacted by names with dots between the levels', () => {
    const given = { user: { name: 'x' }, a: { b: 1, c: ['secret', { d: 'secret' }] }, n: null, big: 12n };
    expect(redactor.entries(given)).toEqual({ a: { c: ['[masked]', { d: '[masked]' }] }, n: null, big: '12' });
  });

  it('is hashed as a whole', () => {
    expect(redactor.entries({ whole: { a: 1 } }).whole).toMatch(/^[0-9a-f]{32}$/);
  });

  it('needs each of its names among the allowed', () => {
    const allowing = new Redactor([{ allow: ['user.id', 'list'] }]);
    const given = { user: { id: 1, name: 'x' }, list: [1, { a: 2 }], other: [1] };
    expect(allowing.entries(given)).toEqual({ user: { id: 1 }, list: [1, {}], other: [] });
  });

  it('may contain itself, be deep or have a prototype as a name', () => {
    const cyclic: Record<string, unknown> = { a: 'secret' };
    cyclic.self = cyclic;
    cyclic.again = [cyclic, cyclic];
    const text = JSON.stringify(redactor.entries(cyclic));
    expect(text).toContain('[masked]');
    expect(text).not.toContain('secret');
    expect(text.length).toBeLessThan(1e6);
    const odd = redactor.entries(JSON.parse('{"__proto__":{"a":"secret"}}'));
    expect(JSON.stringify(odd)).toBe('{"__proto__":{"a":"[masked]"}}');
    expect(Object.getPrototypeOf(odd)).toBe(Object.prototype);
  });

  it('keeps bytes without a match, and drops others', () => {
    expect(redactor.entries({ a: Buffer.from('a secret'), b: Buffer.from('x') })).toEqual({ b: Buffer.from('x') });
  });
});

describe('a text without a name of its own', () => {
  it('is masked, hashed or dropped by the name of its place, and is not asked of the allowed names', () => {
    const redactor = new Redactor([{ allow: [] }, { mask: /secret/ }, { drop: ['span.status'] }, { hash: ['x'], key }]);
    expect(redactor.text('a secret', 'span.name')).toBe('a [masked]');
    expect(redactor.text('a secret', 'span.status')).toBe('[dropped]');
    expect(redactor.text('', 'span.status')).toBe('');
    expect(redactor.value('a secret', 'span.status')).toBeUndefined();
  });

  it('is another than an attribute of that name', () => {
    const redactor = new Redactor([{ allow: ['a'] }]);
    expect(redactor.text('pay', 'span.name')).toBe('pay');
    expect(redactor.attributes({ 'span.name': 'pay' })).toEqual({});
  });
});
