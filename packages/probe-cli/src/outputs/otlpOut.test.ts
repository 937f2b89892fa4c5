import { SignalStore } from '@benchlab-otel/analysis';
import { messageOf, systemClock } from '@benchlab-otel/core';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { signals } from '../otlp/signals.ts';
import { runResult } from '../report/result.suite.ts';
import { sendVerdicts } from './otlpOut.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A collector that takes metrics over gRPC, or refuses them with a status. */
async function collector(refuseWith?: number) {
  const store = new SignalStore({ clock: systemClock });
  const signal = signals.find(({ name }) => name === 'metrics');
  if (signal === undefined) throw new Error('there is a signal for metrics');
  const server = new Server();
  const method = {
    path: signal.grpcPath,
    requestStream: false,
    responseStream: false,
    requestDeserialize: (bytes: Buffer) => signal.decode(bytes),
    requestSerialize: () => Buffer.alloc(0),
    responseSerialize: () => Buffer.from(signal.encodeResponse()),
    responseDeserialize: () => ({}),
  };
  server.addService(
    { export: method },
    {
      export: (call: { request: unknown }, answer: (error: object | null, value?: object) => void) => {
        if (refuseWith !== undefined) return answer({ code: refuseWith, details: 'no' });
        store.accept('metrics', call.request);
        answer(null, {});
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  closing.push(() => server.forceShutdown());
  return { endpoint: `http://127.0.0.1:${port}`, store };
}

describe('verdicts as metrics', () => {
  it('are a point for each question and each verdict, and how near the budgets are to their limits', async () => {
    const { endpoint, store } = await collector();

    await sendVerdicts(
      runResult({ judgements: [{ kind: 'presence', name: 'span checkout', outcome: 'pass' }] }),
      endpoint,
    );

    const points = store.metricPoints.flatMap((point) =>
      point.name.startsWith('benchlab.probe.') && 'value' in point ? [point] : [],
    );
    const verdicts = points.filter(({ name }) => name === 'benchlab.probe.verdict');
    expect(verdicts).toHaveLength(15);
    const own = verdicts.filter(({ value }) => value === 1).map(({ attributes }) => attributes);
    expect(own).toEqual([
      question('p95(checkout) < 250 ms', 'budget', 'pass'),
      question('joules(checkout) < 16 J', 'budget', 'inconclusive'),
      question('joules(price) < 1 J', 'budget', 'fail'),
      question('count(chekout) < 3', 'budget', 'inconclusive'),
      question('span checkout', 'presence', 'pass'),
    ]);
    const used = points.filter(({ name }) => name === 'benchlab.probe.limit.utilization');
    expect(used.map(({ value }) => Number(value.toFixed(3)))).toEqual([0.84, 1.023, 3.65]);
    expect(used[0]?.resource).toMatchObject({ 'service.name': 'benchlab-probe' });
  });

  it.each([
    ['refuses them', status.PERMISSION_DENIED, /the verdicts were not sent\. .*Check the credentials/],
    ['is another service', status.UNIMPLEMENTED, /Another service answers there/],
  ])('that a collector does not take, because it %s, are an error with the reason', async (_, code, message) => {
    const { endpoint } = await collector(code);

    const error = await sendVerdicts(runResult(), endpoint).catch((thrown: unknown) => thrown);

    expect(messageOf(error)).toMatch(message);
    expect(messageOf(error)).toMatch(/^--otlp-out: /);
  });

  it('without a collector are an error within the time of an export', async () => {
    await expect(sendVerdicts(runResult(), 'http://127.0.0.1:1')).rejects.toThrow(
      /^--otlp-out: the verdicts were not sent/,
    );
  });
});

function question(text: string, kind: string, verdict: string): object {
  return { 'benchlab.probe.question': text, 'benchlab.probe.question.kind': kind, 'benchlab.probe.verdict': verdict };
}
