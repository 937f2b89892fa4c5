import type { ObservableCallback } from '@opentelemetry/api';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { CallbackWatch } from './callbackWatch.ts';

class Reader extends MetricReader {
  async onShutdown() {}
  async onForceFlush() {}
}

const limitMs = 20;

function setUp() {
  const reader = new Reader();
  const second = new Reader();
  let skippedMs = 0;
  const watch = new CallbackWatch(() => performance.now() + skippedMs);
  const provider = new MeterProvider({ readers: [reader, second] });
  const meter = watch.around(provider).getMeter('app');
  /** The values by metric, and the errors. */
  const collect = async (from: Reader = reader, timeoutMillis = limitMs) => {
    const { resourceMetrics, errors } = await from.collect({ timeoutMillis });
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    const values = Object.fromEntries(metrics.map((each) => [each.descriptor.name, each.dataPoints[0]?.value]));
    return { values, errors: errors.map(String) };
  };
  const skip = (ms: number) => {
    skippedMs += ms;
  };
  return { watch, meter, collect, second, skip, again: watch.around(provider).getMeter('app') };
}

describe('the watch of observable callbacks', () => {
  it('calls one that has not answered only once, names its metric, and takes it back when it answers', async () => {
    const { watch, meter, collect } = setUp();
    let answer = (): void => undefined;
    let calls = 0;
    meter.createObservableGauge('db.pool').addCallback(async (result) => {
      calls++;
      if (calls === 1) await new Promise<void>((resolve) => (answer = resolve));
      result.observe(7);
    });
    meter.createObservableGauge('good').addCallback((result) => result.observe(1));

    const first = await collect();
    expect([first.values.good, first.values['db.pool']]).toEqual([1, undefined]);
    expect(watch.takeUnanswered(limitMs)).toEqual(['db.pool']);

    const second = await collect();
    expect(second.errors).toEqual(['Error: the callback of db.pool has not answered yet']);
    expect([calls, watch.takeUnanswered(limitMs)]).toEqual([1, ['db.pool']]);

    answer();
    await new Promise(setImmediate);
    expect(watch.takeUnanswered(limitMs)).toEqual([]);
    expect((await collect()).values).toEqual({ good: 1, 'db.pool': 7 });
    expect(watch.counts().map(({ value, attributes }) => [attributes?.['benchlab.metric'], value])).toEqual([
      ['db.pool', 2],
    ]);
  });

  it('lets two readers collect a slow callback at the same time, and names neither', async () => {
    const { watch, meter, collect, second } = setUp();
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    meter.createObservableGauge('slow').addCallback(async (result) => {
      await answered;
      result.observe(7);
    });
    meter.createObservableGauge('broken').addCallback(() => {
      throw new Error('gone');
    });

    const both = [collect(undefined, 5000), collect(second, 5000)];
    expect(watch.takeUnanswered(5000)).toEqual([]);
    answer();

    for (const { values, errors } of await Promise.all(both)) {
      expect([values.slow, errors]).toEqual([7, ['Error: gone']]);
    }
  });

  it('does not call again without end what no page watches', async () => {
    const { meter, collect, skip } = setUp();
    let calls = 0;
    meter.createObservableGauge('stuck').addCallback(() => {
      calls++;
      return new Promise(() => {});
    });
    for (let turn = 0; turn < 4; turn++) {
      await collect();
      skip(6000);
    }
    expect(calls).toBe(2);
  });

  it('does not name a callback that was removed before it answered', async () => {
    const { watch, meter, collect } = setUp();
    const never = () => new Promise<void>(() => {});
    const gauge = meter.createObservableGauge('stuck');
    gauge.addCallback(never);
    await collect();
    expect(watch.takeUnanswered(limitMs)).toEqual(['stuck']);

    gauge.removeCallback(never);
    expect(watch.takeUnanswered(limitMs)).toEqual([]);
    gauge.addCallback(async (result) => result.observe(1));
    expect((await collect()).values).toMatchObject({ stuck: 1 });
  });

  it('names all metrics of a batch callback, and lets it be removed', async () => {
    const { watch, meter, collect } = setUp();
    const [used, free] = [meter.createObservableGauge('used'), meter.createObservableCounter('free')];
    const never = () => new Promise<void>(() => {});
    meter.addBatchObservableCallback(never, [used, free]);
    await collect();
    expect(watch.takeUnanswered(limitMs)).toEqual(['used, free']);

    meter.removeBatchObservableCallback(never, [used, free]);
    expect((await collect()).errors).toEqual([]);
  });

  it('adds and removes a callback as the SDK does: once for each instrument', async () => {
    const { meter, again, collect } = setUp();
    let calls = 0;
    const callback: ObservableCallback = (result) => {
      calls++;
      result.observe(1);
    };
    const one = meter.createObservableUpDownCounter('one');
    const two = again.createObservableGauge('two');
    for (const instrument of [one, one, two]) instrument.addCallback(callback);
    await collect();
    expect(calls).toBe(2);
    one.removeCallback(callback);
    await collect();
    expect(calls).toBe(3);
  });

  it('passes on what a callback throws, and is ready for it at the next collection', async () => {
    const { watch, meter, collect } = setUp();
    const gauge = meter.createObservableGauge('sensor');
    gauge.addCallback(async () => {
      throw new Error('gone');
    });
    for (let turn = 0; turn < 2; turn++) expect((await collect()).errors).toEqual(['Error: gone']);
    expect(watch.takeUnanswered(limitMs)).toEqual([]);
  });

  it('counts the metrics beyond the first hundred as other', async () => {
    const { watch, meter, collect } = setUp();
    for (let k = 0; k < 120; k++) meter.createObservableGauge(`g${k}`).addCallback(() => new Promise(() => {}));
    await collect();
    expect(watch.takeUnanswered(limitMs)).toHaveLength(120);
    const counts = watch.counts();
    expect([counts.length, counts.at(-1)]).toEqual([
      101,
      expect.objectContaining({ value: 20, attributes: { 'benchlab.metric': 'other' } }),
    ]);
  });
});
