import { once } from 'node:events';
import { Agent, createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { BenchlabError, metric, SampleMetrics, type Source } from '@benchlab-otel/core';
import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import { MeterProvider, type MetricProducer } from '@opentelemetry/sdk-metrics';
import { afterEach, describe, expect, it } from 'vitest';
import { collectedProducer } from '../collect/collectedProducer.ts';
import { metricsPage } from './metricsPage.ts';
import type { MetricsPageOptions } from './pageOptions.ts';
import { readPage } from './readPage.suite.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A page on a free port, and the provider whose metrics it shows. */
async function setUp(options: MetricsPageOptions = {}) {
  const page = metricsPage({ port: 0, ...options });
  const provider = new MeterProvider({ readers: [page.reader] });
  cleanUps.push(
    () => provider.shutdown().catch(() => {}),
    () => page.close(),
  );
  return { page, provider, meter: provider.getMeter('app'), url: await page.listen() };
}

/** One request with exactly the given headers: no negotiation of the client is added. */
async function get(
  url: string,
  { method = 'GET', headers = {}, agent }: { method?: string; headers?: object; agent?: Agent } = {},
) {
  const request = httpRequest(url, { method, headers: { ...headers }, agent: agent ?? false }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

/** The warnings and errors that are logged while the test runs. */
function warnings(): string[] {
  const reports: string[] = [];
  const log = (message: string) => void reports.push(message);
  const logger: DiagLogger = { error: log, warn: log, info: () => {}, debug: () => {}, verbose: () => {} };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  cleanUps.push(() => diag.disable());
  return reports;
}

const failing: MetricProducer = { collect: () => Promise.reject(new Error('the device is on fire')) };

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
    cleanUps.push(() => page.close());
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
    cleanUps.push(() => server.close());
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

describe('the server', () => {
  it('has a link to the page at /, and /healthz, and 404 elsewhere', async () => {
    const { url } = await setUp({ path: '/my/"metrics"' });
    const at = (path: string) => get(new URL(path, url).href);
    expect((await at('/')).body.toString()).toContain('<a href="/my/&quot;metrics&quot;">');
    expect(await at('/healthz')).toMatchObject({ status: 200, body: Buffer.from('ok\n') });
    expect((await at('/metrics')).status).toBe(404);
    expect((await get(new URL('/', url).href, { method: 'POST' })).status).toBe(405);
  });

  it('has the page at its path with any query', async () => {
    const { url } = await setUp();
    expect((await get(`${url}?name=x`)).status).toBe(200);
  });

  it('is healthy although collecting fails', async () => {
    const { url } = await setUp({ metricProducers: [failing] });
    expect((await get(new URL('/healthz', url).href)).status).toBe(200);
  });

  it('names a port that is in use, and what to do; later it listens there', async () => {
    const { url, page } = await setUp();
    const port = Number(new URL(url).port);
    const second = metricsPage({ port });
    cleanUps.push(() => second.close());
    await expect(second.listen()).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringMatching(new RegExp(`port ${port} on 127.0.0.1 .*set another by the option port`)),
    });
    await page.close();
    expect(await second.listen()).toBe(`http://127.0.0.1:${port}/metrics`);
  });

  it('refuses an address that is not of this host as a wrong option', async () => {
    const page = metricsPage({ host: '192.0.2.1', port: 0, allowUnprotected: true });
    await expect(page.listen()).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });

  it('listens once, although it is asked twice, and again after it was closed', async () => {
    const { page, url } = await setUp();
    expect(await Promise.all([page.listen(), page.listen()])).toEqual([url, url]);
    await Promise.all([page.close(), page.close()]);
    await page.close();
    await expect(get(url)).rejects.toThrow(/ECONNREFUSED/);
    expect((await get(await page.listen())).status).toBe(200);
  });

  it('closes without having listened', async () => {
    await metricsPage().close();
  });

  it('closes at once when clients keep their connections', async () => {
    const { page, url } = await setUp();
    const agent = new Agent({ keepAlive: true });
    cleanUps.push(() => agent.destroy());
    expect((await get(url, { agent })).headers.connection).toBe('keep-alive');
    const before = performance.now();
    await page.close();
    expect(performance.now() - before).toBeLessThan(3000);
  });

  it('closes soon when a client has sent half a request, or waits for a scrape that hangs', async () => {
    let collecting = () => {};
    const begun = new Promise<void>((resolve) => {
      collecting = resolve;
    });
    const collect = () => {
      collecting();
      return new Promise<never>(() => {});
    };
    const { page, url } = await setUp({ metricProducers: [{ collect }] });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write('GET /met');
    const hanging = expect(get(url)).rejects.toThrow();
    await begun;
    const before = performance.now();
    await page.close();
    await hanging;
    expect(performance.now() - before).toBeLessThan(6000);
  });

  it('survives invalid requests, and clients that leave before their answer', async () => {
    const { url } = await setUp();
    const port = Number(new URL(url).port);
    for (const bytes of [
      '\x00\xff\r\n\r\n',
      'GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n',
      `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n`,
    ]) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(bytes);
      socket.destroy();
    }
    expect((await get(url)).status).toBe(200);
  });
});

it('the handler answers in a server of the application, at any path', async () => {
  const { page, meter } = await setUp();
  meter.createCounter('orders').add(1);
  const server = createServer((request, response) => page.handler(request, response)).listen(0, '127.0.0.1');
  cleanUps.push(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect((await get(`http://127.0.0.1:${port}/internal/stats`)).body.toString()).toContain('orders_total 1\n');
});

it.each<[MetricsPageOptions, RegExp]>([
  [{ port: -1 }, /port/],
  [{ port: 65536 }, /port/],
  [{ port: 1.5 }, /port/],
  [{ path: 'metrics' }, /path/],
  [{ timeoutMs: 0 }, /timeoutMs/],
  [{ token: 'x', tokenFile: 'y' }, /tokenFile/],
  [{ token: '' }, /token/],
  [{ token: 'two words' }, /token(?!.*two words)/],
  [{ tls: { certFile: 'x', keyFile: '' } }, /tls/],
  [{ translationStrategy: 'None' as 'NoTranslation' }, /translationStrategy/],
  [{ constantLabels: { le: 'x' } }, /constantLabels/],
  [{ constantLabels: { 'a.b': 'x' } }, /constantLabels/],
  [{ constantLabels: { __name__: 'x' } }, /constantLabels/],
])('refuses %j when it is made', (options, named) => {
  expect(() => metricsPage(options)).toThrow(named);
});
