import { createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { AsyncContext } from './asyncContext.ts';

const key = createContextKey('tenant');
const acme = ROOT_CONTEXT.setValue(key, 'acme');

test('a context is active while work runs and across its awaits, and not outside', async () => {
  const manager = new AsyncContext().enable();
  const tenant = () => manager.active().getValue(key);
  const seen = manager.with(acme, async () => {
    const before = tenant();
    await new Promise((resolve) => setImmediate(resolve));
    return [before, tenant()];
  });
  expect(tenant()).toBeUndefined();
  expect(await seen).toEqual(['acme', 'acme']);
});

test('work gets its this and its arguments, and its errors reach the caller', () => {
  const manager = new AsyncContext();
  const call = manager.with(
    acme,
    function (this: { base: number }, more: number) {
      return this.base + more;
    },
    { base: 1 },
    2,
  );
  expect(call).toBe(3);
  expect(() =>
    manager.with(acme, () => {
      throw new Error('mine');
    }),
  ).toThrow('mine');
});

test('a bound function runs in its context with its this, and any other target is returned unchanged', () => {
  const manager = new AsyncContext();
  const bound = manager.bind(acme, function (this: { base: number }, more: number) {
    return [manager.active().getValue(key), this.base + more];
  });
  expect(bound.call({ base: 1 }, 2)).toEqual(['acme', 3]);
  expect(bound).toHaveLength(1);
  const target = { on: () => {} };
  expect(manager.bind(acme, target)).toBe(target);
});

test('after it is disabled there is no active context', () => {
  const manager = new AsyncContext();
  manager.with(acme, () => {
    manager.disable();
    expect(manager.active()).toBe(ROOT_CONTEXT);
  });
});
