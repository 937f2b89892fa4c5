import { createContextKey, INVALID_SPAN_CONTEXT, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { ActiveSpan } from './activeSpan.ts';

const key = createContextKey('other');
const span = () => trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

test('the API finds the span in it, like in a context of its own', () => {
  const active = span();
  expect(trace.getSpan(new ActiveSpan(ROOT_CONTEXT, active))).toBe(active);
});

test('values of the parent are seen through it, and values set on it do not lose the span', () => {
  const active = span();
  const context = new ActiveSpan(ROOT_CONTEXT.setValue(key, 1), active);
  expect(context.getValue(key)).toBe(1);
  const changed = context.setValue(key, 2);
  expect([changed.getValue(key), trace.getSpan(changed)]).toEqual([2, active]);
  const deleted = context.deleteValue(key);
  expect([deleted.getValue(key), trace.getSpan(deleted)]).toEqual([undefined, active]);
  expect(context.getValue(key)).toBe(1);
});

test('the span itself can be replaced and deleted', () => {
  const [first, second] = [span(), span()];
  const context = new ActiveSpan(trace.setSpan(ROOT_CONTEXT, first), first);
  expect(trace.getSpan(trace.setSpan(context, second))).toBe(second);
  expect(trace.getSpan(trace.deleteSpan(context))).toBeUndefined();
});

test('a hundred thousand nested spans do not make a chain: a look-up stays flat', () => {
  let context = new ActiveSpan(ROOT_CONTEXT.setValue(key, 'root'), span());
  for (let depth = 0; depth < 100_000; depth++) context = new ActiveSpan(context, span());
  // Through a chain this deep it would overflow the stack.
  expect(context.getValue(key)).toBe('root');
});
