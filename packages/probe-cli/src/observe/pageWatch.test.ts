import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SeriesRecorder } from '@benchlab-otel/analysis';
import { systemClock } from '@benchlab-otel/core';
import { afterEach, expect, it } from 'vitest';
import { watchPage } from './pageWatch.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

/** Answers the scrapes in turn, the last one again and again. Resolves when the given number has been asked for. */
function answers(...all: readonly RequestListener[]) {
  let asked = 0;
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const listener: RequestListener = (request, response) => {
    const answer = all[Math.min(asked, all.length - 1)];
    asked += 1;
    for (const { count, resolve } of waiting) if (asked >= count) resolve();
    answer?.(request, response);
  };
  const asks = (count: number) => new Promise<void>((resolve) => waiting.push({ count, resolve }));
  return { listener, asks };
}

const text =
  (body: string): RequestListener =>
  (_, response) =>
    void response.writeHead(200, { 'content-type': 'text/plain' }).end(body);

const counter = (value: number) => text(`# TYPE jobs_total counter\njobs_total ${value}\n`);

it('follows a page until it is stopped; a page that is wrong is named and changes nothing', async () => {
  const { listener, asks } = answers(
    counter(1),
    (_, response) => void response.writeHead(500).end(),
    text('x\n'),
    counter(5),
  );
  const recorder = new SeriesRecorder();
  const all = asks(5);
  const url = await served(listener);
  const watch = watchPage({ url, clock: systemClock, recorder, isSatisfied: () => false });
  await all;
  await watch.stop();
  expect(watch.pages).toBeGreaterThanOrEqual(2);
  expect(recorder.series).toMatchObject([{ name: 'jobs_total', points: [{ value: 5, first: 1, delta: 4 }] }]);
  expect(watch.notes).toEqual([
    `the metrics page at ${url} was not read 1 time: the answer is HTTP 500`,
    `the metrics page at ${url} was not read 1 time: The metrics page is malformed: line 1: it has no value.`,
  ]);
});

it('waits for a page that is not there yet', async () => {
  const url = await served(() => undefined);
  closing.pop()?.();
  const recorder = new SeriesRecorder();
  const watch = watchPage({ url, clock: systemClock, recorder, isSatisfied: () => false });
  expect(watch.notes).toEqual([`there was no metrics page at ${url}: nothing listened there`]);
  const server = createServer(counter(2));
  const asked = new Promise((resolve) => server.once('request', (_, response) => response.once('close', resolve)));
  server.listen(Number(new URL(url).port), '127.0.0.1');
  closing.push(() => server.close());
  await asked;
  // The page is read when its connection is closed, or in the same turn.
  await new Promise((resolve) => setImmediate(resolve));
  while (watch.pages === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await watch.stop();
  expect(recorder.series).toMatchObject([{ points: [{ value: 2 }] }]);
  expect(watch.notes).toEqual([]);
});

it('asks after each page whether all that is wanted has come', async () => {
  const { listener } = answers(counter(1), counter(2));
  const recorder = new SeriesRecorder();
  const seen: number[] = [];
  const url = await served(listener);
  await new Promise<void>((resolve) => {
    const watch = watchPage({
      url,
      clock: systemClock,
      recorder,
      isSatisfied() {
        const value = recorder.series[0]?.points[0]?.value ?? 0;
        seen.push(value);
        if (value === 2) void watch.stop().then(resolve);
        return value === 2;
      },
    });
  });
  expect(seen).toEqual([1, 2]);
});

it('stops at once while a page does not come', async () => {
  const { listener, asks } = answers(() => undefined);
  const asked = asks(1);
  const watch = watchPage({
    url: await served(listener),
    clock: systemClock,
    recorder: new SeriesRecorder(),
    isSatisfied: () => false,
  });
  await asked;
  await watch.stop();
  expect(watch.pages).toBe(0);
});

it('stops when the question whether it is satisfied throws, and reports that', async () => {
  const { listener, asks } = answers(counter(1));
  const asked = asks(2);
  const watch = watchPage({
    url: await served(listener),
    clock: systemClock,
    recorder: new SeriesRecorder(),
    isSatisfied() {
      throw new Error('a fault');
    },
  });
  await asked;
  await watch.stop();
  expect(watch.notes).toEqual([expect.stringContaining('a fault')]);
});
