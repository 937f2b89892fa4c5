import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { failing, get, setUp } from './metricsPage.suite.ts';
import { metricsPage } from './metricsPage.ts';

describe('the server', () => {
  it('has a link to the page at /, and /healthz, and 404 elsewhere', async () => {
    const { url } = await setUp({ path: '/my/"metrics"' });
    const at = (path: string) => get(new URL(path, url).href);
    expect((await at('/')).body.toString()).toContain('<a href="/my/&quot;metrics&quot;">');
    expect(await at('/healthz')).toMatchObject({ status: 200, body: Buffer.from('ok\n') });
    expect((await at('/metrics')).status).toBe(404);
    expect((await get(new URL('/', url).href, { method: 'POST' })).status).toBe(405);
  });

  it('answers /healthz and /readyz with what its owner states, also where that throws', async () => {
    let [live, ready]: [() => string | undefined, () => string | undefined] = [() => undefined, () => 'It starts.'];
    let findings: readonly string[] = [];
    const { url } = await setUp({ health: { live: () => live(), ready: () => ready(), findings: () => findings } });
    const at = async (path: string) => {
      const { status, body } = await get(new URL(path, url).href);
      return [status, body.toString()];
    };

    expect([await at('/healthz'), await at('/readyz')]).toEqual([
      [200, 'ok\n'],
      [503, 'It starts.\n'],
    ]);
    findings = ['The disk is full.', 'A share is away.'];
    expect([await at('/healthz'), await at('/readyz')]).toEqual([
      [200, 'ok\nThe disk is full.\nA share is away.\n'],
      [503, 'It starts.\nThe disk is full.\nA share is away.\n'],
    ]);
    findings = [];
    ready = () => undefined;
    live = () => {
      throw new Error('broken');
    };
    expect([await at('/healthz'), await at('/readyz')]).toEqual([
      [503, 'The probe threw: broken.\n'],
      [200, 'ok\n'],
    ]);
  });

  it.each([{ live: true }, { alive: () => undefined }])('refuses %j as its health', async (health) => {
    expect(() => metricsPage({ health: health as never })).toThrow(
      'health is an object. It must be { live, ready, findings }',
    );
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
    onTestFinished(() => second.close());
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
    onTestFinished(() => agent.destroy());
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
