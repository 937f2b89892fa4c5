import { gunzipSync } from 'node:zlib';
import { BenchlabError, metric, SampleMetrics, type Source } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { collectedProducer } from '../collect/collectedProducer.ts';
import { get, setUp } from './metricsPage.suite.ts';
import { readPage } from './readPage.suite.ts';

describe('a scrape', () => {
  it('is answered in the text format 0.0.4, over loopback', async () => {
    const { meter, url } = await setUp();
    meter.createCounter('orders', { unit: '{order}', description: 'Orders.' }).add(2, { paid: true });
    const { status, headers, body } = await get(url);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+\/metrics$/);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(headers['content-length']).toBe(String(body.length));
    expect(headers['content-encoding']).toBeUndefined();
    expect(readPage(body.toString()).values).toMatchObject({ 'orders_total{paid=true}': 2 });
  });

  it('shows samples in addition to those of the SDK, and not those of a lost device', async () => {
    const samples = new SampleMetrics();
    const { meter, url } = await setUp({
      metricProducers: [collectedProducer([samples])],
      constantLabels: { environment: 'lab' },
    });
    const source: Source = { id: 'board-1', name: 'bench', simulated: false, attributes: {} };
    const sensor = { metric: metric.hwVoltage, attributes: { 'hw.id': 'board-1/EPS1' } };
    meter.createCounter('orders').add(1);
    samples.sample({ source, timeNs: 1, uncertaintyNs: 0, readings: [{ sensor, value: 12.1 }] });
    const live = readPage((await get(url)).body.toString()).values;
    samples.lost({ source, timeNs: 2, error: new BenchlabError('BOARD_LOST', 'Gone.', 'Wait.') });
    const lost = readPage((await get(url)).body.toString()).values;
    expect(live).toMatchObject({
      'orders_total{environment=lab}': 1,
      'hw_voltage_volts{environment=lab,hw_id=board-1/EPS1}': 12.1,
      'hw_status{environment=lab,hw_id=board-1,hw_name=bench,hw_state=ok,hw_type=device}': 1,
    });
    expect(Object.keys(lost).filter((series) => series.startsWith('hw_voltage'))).toEqual([]);
    expect(lost).toMatchObject({
      'hw_status{environment=lab,hw_id=board-1,hw_name=bench,hw_state=failed,hw_type=device}': 1,
    });
  });

  it('is answered in OpenMetrics on request, also at the same moment as others in text', async () => {
    const { meter, url } = await setUp();
    meter.createCounter('orders').add(1);
    const accept = 'application/openmetrics-text';
    const [open, plain] = await Promise.all([get(url, { headers: { accept } }), get(url)]);
    expect(open.headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(open.body.toString()).toMatch(/^# TYPE orders counter\norders_total 1\n/m);
    expect(open.body.toString()).toMatch(/\n# EOF\n$/);
    expect(readPage(plain.body.toString()).values).toMatchObject({ 'orders_total{}': 1 });
    const head = await get(url, { method: 'HEAD', headers: { accept } });
    expect([head.headers['content-length'], head.body.length]).toEqual([open.headers['content-length'], 0]);
  });

  it('has names with dots where the strategy keeps them and the scraper can read them', async () => {
    const { meter, url } = await setUp({ translationStrategy: 'NoTranslation' });
    meter.createCounter('hw.energy', { unit: 'J' }).add(1);
    const read = async (accept: string) => (await get(url, { headers: { accept } })).body.toString();
    expect(await read('text/plain;version=1.0.0;escaping=allow-utf-8')).toContain('\n{"hw.energy"} 1\n');
    expect(await read('text/plain;version=0.0.4')).toContain('\nhw_energy 1\n');
    expect(await read('text/plain;escaping=dots')).toContain('\nhw_dot_energy 1\n');
    expect(await read('application/openmetrics-text;escaping=allow-utf-8')).toContain('\n{"hw.energy"} 1\n');
  });

  it.each([
    ['gzip', true],
    ['deflate, GZIP;q=0.5', true],
    ['*', true],
    ['gzip;q=0', false],
    ['gzip;q=0.0, *', false],
    ['identity', false],
    ['', false],
  ])('with accept-encoding "%s" is compressed: %s', async (accepted, isCompressed) => {
    const { meter, url } = await setUp();
    meter.createCounter('orders').add(1);
    const { headers, body } = await get(url, { headers: { 'accept-encoding': accepted } });
    expect(headers['content-encoding']).toBe(isCompressed ? 'gzip' : undefined);
    expect(headers.vary).toBe('accept, accept-encoding');
    expect((isCompressed ? gunzipSync(body) : body).toString()).toContain('orders_total 1\n');
  });

  it('by HEAD has only the headers', async () => {
    const { url } = await setUp();
    const { status, headers, body } = await get(url, { method: 'HEAD' });
    expect([status, body.length]).toEqual([200, 0]);
    expect(Number(headers['content-length'])).toBeGreaterThan(0);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])(
    'by %s is refused, with the methods that are allowed',
    async (method) => {
      const { url } = await setUp();
      const { status, headers } = await get(url, { method });
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    },
  );
});
