import cluster, { type Worker } from 'node:cluster';
import { ValueType } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { answerOf, readRequest } from './clusterMessages.ts';
import { Workers } from './workers.ts';

/** The requests that the worker has received. */
let requests: number[];
let workers: Workers;
// What Workers reads of one; its process is this test.
const worker = {
  id: 1,
  isConnected: () => true,
  process: { pid: 7 },
  send: (message: unknown) => requests.push(readRequest(message)?.id ?? 0),
} as unknown as Worker;

beforeEach(() => {
  requests = [];
  Reflect.set(cluster, 'workers', { 1: worker });
  workers = new Workers(() => {});
});
afterEach(() => {
  workers.close();
  Reflect.set(cluster, 'workers', {});
});

const points = (jobs: number): ScopeMetrics[] => [
  {
    scope: { name: 'app' },
    metrics: [
      {
        descriptor: { name: 'jobs', description: '', unit: '', valueType: ValueType.INT },
        aggregationTemporality: AggregationTemporality.CUMULATIVE,
        dataPointType: DataPointType.SUM,
        isMonotonic: true,
        dataPoints: [{ attributes: {}, value: jobs, startTime: [0, 0], endTime: [1, 0] }],
      },
      {
        descriptor: { name: 'load', description: '', unit: '', valueType: ValueType.INT },
        aggregationTemporality: AggregationTemporality.CUMULATIVE,
        dataPointType: DataPointType.GAUGE,
        dataPoints: [{ attributes: {}, value: jobs, startTime: [0, 0], endTime: [1, 0] }],
      },
    ],
  },
];
/** Without `id` the last points before a shutdown. */
const answer = (jobs: number, id?: number) => cluster.emit('message', worker, answerOf(points(jobs), id));
const collected = async (timeoutMs = 60_000) =>
  (await workers.collect(timeoutMs)).flatMap(({ metrics }) =>
    metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints[0]?.value]),
  );
const unanswered = () => workers.counts()[0]?.value;

it('an earlier scrape goes without a worker that a later one asks too', async () => {
  const [first, second] = [collected(), collected()];
  expect(await first).toEqual([]);
  answer(5, requests[1]);
  expect(await second).toEqual([
    ['jobs', 5],
    ['load', 5],
  ]);
  expect(unanswered()).toBe(0);
});

it('a worker that was late is asked and not waited for, until it answers', async () => {
  const late = collected();
  answer(5, requests[0]);
  await late;
  expect(await collected(10)).toEqual([['jobs', 5]]);
  expect(await collected()).toEqual([['jobs', 5]]);
  expect(unanswered()).toBe(2);
  answer(6, requests[2]);
  const next = collected();
  answer(7, requests[3]);
  expect(await next).toEqual([
    ['jobs', 7],
    ['load', 7],
  ]);
});

it('a worker that has never answered is counted once, and is asked a thousand times', async () => {
  await collected(10);
  for (let k = 0; k < 1_005; k += 1) await collected();
  expect([unanswered(), requests.length]).toEqual([1, 1_000]);
});

it('a worker that has shut down is not waited for nor counted, and what it starts again is added', async () => {
  const waiting = collected();
  answer(5);
  expect(await waiting).toEqual([['jobs', 5]]);
  expect(await collected()).toEqual([['jobs', 5]]);
  expect(unanswered()).toBe(0);
  answer(2, requests[1]);
  const next = collected();
  answer(3, requests[2]);
  expect(await next).toEqual([
    ['jobs', 8],
    ['load', 3],
  ]);
});
