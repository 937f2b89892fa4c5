import { expect, it } from 'vitest';
import { parentTrace } from './parentTrace.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it('takes the trace of the process that started this one', () => {
  expect(parentTrace({ TRACEPARENT: ` ${traceparent} ` })).toEqual({ parent: { traceparent }, warnings: [] });
  expect(parentTrace({ TRACEPARENT: traceparent, TRACESTATE: 'a=1' }).parent).toEqual({
    traceparent,
    tracestate: 'a=1',
  });
});

it.each([{}, { TRACEPARENT: ' ' }, { TRACESTATE: 'a=1' }])('has no parent without TRACEPARENT: %j', (env) => {
  expect(parentTrace(env)).toEqual({ warnings: [] });
});

it.each([
  'x',
  traceparent.toUpperCase(),
  traceparent.replace('00-', 'ff-'),
  traceparent.replace(/0af7\w+/, '0'.repeat(32)),
  traceparent.replace(/b7ad\w+/, '0'.repeat(16)),
  traceparent.slice(0, -1),
  `${traceparent}-00`,
])('leaves out a malformed TRACEPARENT, and warns: %s', (value) => {
  const { parent, warnings } = parentTrace({ TRACEPARENT: value });
  expect(parent).toBeUndefined();
  expect(warnings).toEqual([expect.stringMatching(/^TRACEPARENT is ".*", which has no effect\. It must be VERSION-/)]);
});
