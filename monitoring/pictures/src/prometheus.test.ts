import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PrometheusClient, prometheusClient } from './prometheus.ts';

/** Answers as https://prometheus.io/docs/prometheus/latest/querying/api/ describes them, by the query. */
const answers: Readonly<Record<string, unknown>> = {
  matrix: { resultType: 'matrix', result: [{ metric: { a: '1' }, values: [[1, '2']] }] },
  vector: { resultType: 'vector', result: [{ metric: { a: '1' }, value: [1, '2'] }] },
  scalar: { resultType: 'scalar', result: [1, '2'] },
};
let server: Server;
let client: PrometheusClient;
let asked: URL;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked = new URL(request.url ?? '', 'http://localhost');
    const query = asked.searchParams.get('query') ?? '';
    if (query === 'page') response.end('<html>a proxy</html>');
    else if (query === 'wrong') response.writeHead(400).end('{"status":"error","error":"1:1: parse error"}');
    else response.end(JSON.stringify({ status: 'success', data: answers[query] ?? ['b', 'a'] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = prometheusClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('a query', () => {
  test('over a range starts at a multiple of its step', async () => {
    const series = await client.range('matrix', { fromMs: 100_000, toMs: 160_000 }, 15_000);

    expect(series).toEqual([{ metric: { a: '1' }, values: [[1, '2']] }]);
    expect(Object.fromEntries(asked.searchParams)).toEqual({ query: 'matrix', start: '90', end: '160', step: '15' });
  });

  test.each(['vector', 'matrix'])(
    'at one instant that gives a %s is one or more values for each series',
    async (query) => {
      expect(await client.instant(query, 1000)).toEqual([{ metric: { a: '1' }, values: [[1, '2']] }]);
    },
  );

  test('that gives a number is a series without labels', async () => {
    expect(await client.instant('scalar', 1000)).toEqual([{ metric: {}, values: [[1, '2']] }]);
  });
});

test('values of a label are asked for the time shown, with the selector where there is one', async () => {
  expect(await client.labelValues('job', 'up{a="b"}', { fromMs: 1000, toMs: 2000 })).toEqual(['b', 'a']);
  expect(`${asked.pathname}?${asked.searchParams}`).toBe(
    '/api/v1/label/job/values?start=1&end=2&match%5B%5D=up%7Ba%3D%22b%22%7D',
  );
});

describe('an error states', () => {
  test('what Prometheus answers', async () => {
    await expect(client.instant('wrong', 1000)).rejects.toThrow('1:1: parse error');
  });

  test('the status where the answer is not one of Prometheus', async () => {
    await expect(client.instant('page', 1000)).rejects.toThrow('HTTP 200 of query');
  });

  test('the address that does not answer', async () => {
    const nothing = prometheusClient('http://127.0.0.1:1');

    await expect(nothing.instant('up', 1000)).rejects.toThrow(
      'Prometheus at http://127.0.0.1:1 does not answer: fetch failed. Check the address.',
    );
  });
});
