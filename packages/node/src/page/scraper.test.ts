import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metric, SampleMetrics } from '@benchlab-otel/core';
import { emptyResource } from '@opentelemetry/resources';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import { describe, expect, it, onTestFinished } from 'vitest';
import { collectedProducer } from '../collect/collectedProducer.ts';
import { failing, get, setUp, warnings } from './metricsPage.suite.ts';
import { metricsPage } from './metricsPage.ts';
import { readPage } from './readPage.suite.ts';

describe('a scrape', () => {
  it('that cannot be collected is answered with 503, and the reason is logged once', async () => {
    const reports = warnings();
    const { url } = await setUp({ metricProducers: [failing] });
    const [first, second] = [await get(url), await get(url)];
    expect([first.status, second.status]).toEqual([503, 503]);
    expect(first.body.toString()).not.toContain('on fire');
    expect(reports).toEqual(['metrics page: metrics could not be collected: the device is on fire.']);
  });

  it('without a MeterProvider is answered with 503', async () => {
    const page = metricsPage({ port: 0 });
    onTestFinished(() => page.close());
    expect((await get(await page.listen())).status).toBe(503);
  });

  it('with a producer that never answers has all other metrics, and the reason is logged once', async () => {
    const reports = warnings();
    const producers = [{ collect: () => new Promise<never>(() => {}) }];
    const { meter, url } = await setUp({ metricProducers: producers, timeoutMs: 2000 });
    meter.createCounter('orders').add(1);
    const answers = await Promise.all([get(url), get(url)]);
    expect(answers.map(({ status, body }) => [status, body.includes('orders_total 1')])).toEqual([
      [200, true],
      [200, true],
    ]);
    expect(reports).toEqual([expect.stringContaining('a producer of metrics did not answer within 1000 ms')]);
  });

  it('with a callback that never answers has all other metrics, within the time that Prometheus waits', async () => {
    const { meter, url } = await setUp();
    meter.createObservableGauge('stuck').addCallback(() => new Promise(() => {}));
    meter.createCounter('orders').add(1);
    const before = performance.now();
    const { status, body } = await get(url, { headers: { 'x-prometheus-scrape-timeout-seconds': '0.6' } });
    expect([status, body.includes('orders_total 1'), body.includes('stuck')]).toEqual([200, true, false]);
    expect(performance.now() - before).toBeLessThan(4500); // half of the page's own time would be 5 s
  });

  it.each(['soon', '-1', '0', '', '1e3', '9'.repeat(400)])(
    'is the same for a scraper whose stated timeout is "%s"',
    async (stated) => {
      const { url } = await setUp();
      expect((await get(url, { headers: { 'x-prometheus-scrape-timeout-seconds': stated } })).status).toBe(200);
    },
  );

  it('with one callback that fails has all other metrics, and the failure is logged once', async () => {
    const reports = warnings();
    const { meter, url } = await setUp();
    meter.createObservableGauge('broken').addCallback(() => {
      throw new Error('no such sensor');
    });
    meter.createCounter('orders').add(1);
    for (let i = 0; i < 2; i += 1) expect((await get(url)).body.toString()).toContain('orders_total 1\n');
    expect(reports).toEqual(['metrics page: a metric could not be collected: no such sensor.']);
  });

  it('shares the work with scrapes of the same moment', async () => {
    let collections = 0;
    let requests = 0;
    let release = () => {};
    const allAsked = new Promise<void>((resolve) => {
      release = resolve;
    });
    const producer: MetricProducer = {
      async collect() {
        collections += 1;
        await allAsked;
        return { resourceMetrics: { resource: emptyResource(), scopeMetrics: [] }, errors: [] };
      },
    };
    const { page } = await setUp({ metricProducers: [producer] });
    const server = createServer((request, response) => {
      page.handler(request, response);
      requests += 1;
      if (requests === 3) release();
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await Promise.all([get(url), get(url), get(url)]);
    expect(collections).toBe(1);
    await get(url);
    expect(collections).toBe(2);
  });

  it('of a large page lets the application work meanwhile', async () => {
    const samples = new SampleMetrics({ maxSensors: 20_000 });
    const { url } = await setUp({ metricProducers: [collectedProducer([samples])] });
    const readings = Array.from({ length: 10_000 }, (_, i) => ({
      sensor: { metric: metric.hwVoltage, attributes: { 'hw.id': `rail-${i}` } },
      value: i,
    }));
    samples.sample({
      source: { id: 'b', name: 'b', simulated: false, attributes: {} },
      timeNs: 1,
      uncertaintyNs: 0,
      readings,
    });
    let turns = 0;
    let isDone = false;
    const turn = () => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    const answer = get(url);
    turn();
    const { body } = await answer;
    isDone = true;
    expect(Object.keys(readPage(body.toString()).values).length).toBeGreaterThan(10_000);
    // How often depends on the speed of the machine; familyText.test.ts tests the pace.
    expect(turns).toBeGreaterThan(3);
  });
});
