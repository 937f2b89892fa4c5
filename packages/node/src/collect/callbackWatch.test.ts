import type { ObservableCallback } from '@opentelemetry/api';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { CallbackWatch } from './callbackWatch.ts';

class Reader extends MetricReader {
  async onShutdown() {}
  async onForceFlush() {}
}

function setUp() {
  const reader = new Reader();
  const watch = new CallbackWatch();
  const provider = new MeterProvider({ readers: [reader] });
  const meter = watch.around(provider).getMeter('app');
  /** The values by metric, and the errors. */
  const collect = async () => {
    const { resourceMetrics, errors } = await reader.collect({ timeoutMillis: 20 });
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    const values = Object.fromEntries(metrics.map((each) => [each.descriptor.name, each.dataPoints[0]?.value]));
    return { values, errors: errors.map(String) };
  };
  return { watch, meter, collect, again: watch.around(provider).getMeter('app') };
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
    expect(watch.takeUnanswered()).toEqual(['db.pool']);

    const second = await collect();
    expect(second.errors).toEqual(['Error: the callback of db.pool has not answered yet']);
    expect([calls, watch.takeUnanswered()]).toEqual([1, ['db.pool']]);

    answer();
    await new Promise(setImmediate);
    expect(watch.takeUnanswered()).toEqual([]);
    expect((await collect()).values).toEqual({ good: 1, 'db.pool': 7 });
    expect(watch.counts().map(({ value, attributes }) => [attributes?.['benchlab.metric'], value])).toEqual([
      ['db.pool', 2],
    ]);
  });

  it('names all metrics of a batch callback, and lets it be removed', async () => {
    const { watch, meter, collect } = setUp();
    const [used, free] = [meter.createObservableGauge('used'), meter.createObservableCounter('free')];
    const never = () => new Promise<void>(() => {});
    meter.addBatchObservableCallback(never, [used, free]);
    await collect();
    expect(watch.takeUnanswered()).toEqual(['used, free']);

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
    expect(watch.takeUnanswered()).toEqual([]);
  });

  it('counts the metrics beyond the first hundred as other', async () => {
    const { watch, meter, collect } = setUp();
    for (let k = 0; k < 120; k++) meter.createObservableGauge(`g${k}`).addCallback(() => new Promise(() => {}));
    await collect();
    expect(watch.takeUnanswered()).toHaveLength(120);
    const counts = watch.counts();
    expect([counts.length, counts.at(-1)]).toEqual([
      101,
      expect.objectContaining({ value: 20, attributes: { 'benchlab.metric': 'other' } }),
    ]);
  });
});
