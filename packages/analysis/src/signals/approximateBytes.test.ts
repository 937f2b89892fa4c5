import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { approximateBytes } from './approximateBytes.ts';
import { SignalStore } from './signalStore.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

it('is above the heap that spans take, and not above three times that', () => {
  const store = new SignalStore({ clock: systemClock });
  const start = systemClock.anchor().epochNs;
  const spanOf = (k: number) => ({
    traceId: (k + 1).toString(16).padStart(32, '0'),
    spanId: (k + 1).toString(16).padStart(16, '0'),
    name: `operation ${k % 20}`,
    startTimeUnixNano: `${start + BigInt(k) * 1001n}`,
    endTimeUnixNano: `${start + BigInt(k) * 1001n + 500_000n}`,
    attributes: Array.from({ length: 8 }, (_, a) => ({
      key: `attribute.${a}`,
      value: a % 2 ? { stringValue: `/cart/${k}/${a}` } : { intValue: a },
    })),
  });
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let request = 0; request < 40; request++) {
    const spans = Array.from({ length: 500 }, (_, k) => spanOf(request * 500 + k));
    store.accept('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] });
  }
  collectGarbage();
  const heap = process.memoryUsage().heapUsed - before;
  const approximate = store.spans.reduce((sum, span) => sum + approximateBytes(span, [span.resource, span.scope]), 0);

  expect(store.spans).toHaveLength(20_000);
  expect(approximate / heap).toBeGreaterThan(1);
  expect(approximate / heap).toBeLessThan(3);
});

it('bounds the heap of spans and events whose names are 1 MiB long', () => {
  const store = new SignalStore({ clock: systemClock });
  const time = `${systemClock.anchor().epochNs}`;
  const longName = (k: number) => `${k} `.padEnd(2 ** 20, 'x');
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let k = 1; k <= 50; k++) {
    const span = {
      traceId: k.toString(16).padStart(32, '0'),
      spanId: k.toString(16).padStart(16, '0'),
      name: longName(k),
      startTimeUnixNano: time,
      endTimeUnixNano: time,
      events: [{ name: longName(-k) }],
    };
    // As it arrives: a text of its own, in one piece.
    store.accept('traces', JSON.parse(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })));
  }
  collectGarbage();
  const heap = process.memoryUsage().heapUsed - before;

  expect(store.spans).toHaveLength(50);
  // The names together are 100 MiB. The last request may still be in memory.
  expect(heap).toBeLessThan(20 * 2 ** 20);
});

it('bounds the heap where each request has another resource of 1 MiB', () => {
  const store = new SignalStore({ clock: systemClock, logRecords: { items: 5 } });
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let k = 0; k < 50; k++) {
    const value = { stringValue: `${k} `.padEnd(2 ** 20, 'x') };
    const resource = { attributes: [{ key: 'host.name', value }] };
    store.accept('logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [{}, {}] }] }] });
  }
  collectGarbage();
  const heap = process.memoryUsage().heapUsed - before;

  expect(store.logRecords).toHaveLength(5);
  expect(heap).toBeLessThan(20 * 2 ** 20);
});

it.each([
  ['a text', 'four', 20],
  ['nothing', undefined, 0],
  ['null', null, 0],
  ['a list of texts', ['a'], 56 + 8 + 17],
])('of %s is known', (_, value, bytes) => {
  expect(approximateBytes(value)).toBe(bytes);
});
