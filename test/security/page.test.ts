// The metrics page under attack: its own server, and its handler in a server of the application.

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { type MetricsPageOptions, metricsPage } from '@benchlab-otel/node';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { selfSigned } from '../../packages/node/src/page/selfSigned.suite.ts';
import { closing, connected, raw, untilClosed } from './attackers.ts';
import { startTarget } from './target.ts';

afterEach(() => diag.disable());

async function listening(options: MetricsPageOptions = {}): Promise<number> {
  const page = metricsPage({ port: 0, ...options });
  onTestFinished(() => page.close());
  new MeterProvider({ readers: [page.reader] }).getMeter('app').createCounter('orders').add(1);
  return Number(new URL(await page.listen()).port);
}

function certificate(): NonNullable<MetricsPageOptions['tls']> {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const { cert, key } = selfSigned();
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  return { certFile, keyFile };
}

async function secured(socket: Socket): Promise<Socket> {
  const secure = connectTls({ socket, rejectUnauthorized: false });
  await once(secure, 'secureConnect');
  return secure;
}

async function answer(port: number, headers: Readonly<Record<string, string>> = {}, path = '/metrics') {
  const request = get({ host: '127.0.0.1', port, path, headers, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, text: (await response.setEncoding('utf8').toArray()).join('') };
}

describe.each(['page', 'handler'])('memory of the %s', (kind) => {
  it('stays bounded when clients send thousands of scrapes with gzip without reading an answer', async () => {
    const target = await startTarget('page', [kind]);
    const scrape = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n';
    const before = (await target.figures()).mostMb;

    const clients = await Promise.all(Array.from({ length: 8 }, () => connected(target.port)));
    for (const client of clients) client.pause().write(scrape.repeat(4_000));
    const ended = Promise.all(clients.map(closing));
    for (const client of clients) client.resume();
    await ended;

    // One compression of this page takes a few MB, and 32,000 of them took the machine.
    expect((await target.figures()).mostMb - before).toBeLessThan(200);
    expect((await answer(target.port)).text).toContain('watts{rail="rail-1899-');
  });

  it('disconnects a client that sends more than eight requests without waiting for an answer', async () => {
    const target = await startTarget('page', [kind]);
    const scrape = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const last = scrape.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');

    const polite = await raw(target.port, scrape.repeat(7) + last);
    const pushing = await raw(target.port, scrape.repeat(9));

    expect(polite.match(/HTTP\/1\.1 200/g)).toHaveLength(8);
    expect(pushing).toBe('');
  });

  it('answers after clients that sent eight requests each and went away', async () => {
    const target = await startTarget('page', [kind]);
    for (let client = 0; client < 40; client++) {
      const socket = await connected(target.port);
      socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(8), () => socket.destroy());
      await closing(socket);
    }

    // The target notices the end of the last ones after a turn or two.
    await expect.poll(async () => (await answer(target.port)).status, { timeout: 10_000 }).toBe(200);
  });
});

/** The warnings from now on. */
function reported(): readonly string[] {
  const lines: string[] = [];
  const ignore = () => {};
  const logger = {
    warn: (line: string) => lines.push(line),
    error: ignore,
    info: ignore,
    debug: ignore,
    verbose: ignore,
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return lines;
}

describe('connections to the page', () => {
  it.each([
    ['HTTP', undefined],
    ['HTTPS', certificate],
  ])('do not cost the one of Prometheus over %s, which it keeps between scrapes', async (_what, tls) => {
    const port = await listening(tls === undefined ? {} : { tls: tls() });
    const prometheus = tls === undefined ? await connected(port) : await secured(await connected(port));
    let text = '';
    prometheus.on('data', (bytes) => {
      text += bytes;
    });
    const scraped = async (times: number) => {
      prometheus.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await expect.poll(() => text.match(/HTTP\/1\.1 200/g)?.length, { timeout: 10_000 }).toBe(times);
    };
    await scraped(1);

    const others = [];
    for (let n = 0; n < 80; n++) others.push(await connected(port));
    for (const other of others.slice(0, 16)) await closing(other.resume());

    await scraped(2);
  });

  it('that clients hold do not keep Prometheus out; closed ones are reported', async () => {
    const lines = reported();
    const port = await listening();

    const holders = [];
    for (let n = 0; n < 64; n++) holders.push(await connected(port));
    const oldest = untilClosed(holders[0] ?? (await connected(port)));
    const { status } = await answer(port);
    await oldest;

    expect(status).toBe(200);
    expect(lines.join()).toContain('metrics page: more than 64 connections are open; 1 were closed for others so far.');
  });
});

describe('a page without a token', () => {
  it.each([
    ['localhost', 200],
    ['LOCALHOST:9464', 200],
    ['127.0.0.1', 200],
    ['[::1]:9464', 200],
    ['[0:0:0:0:0:0:0:1]', 200],
    ['[::ffff:127.0.0.1]:9464', 200],
    ['localhost.', 200],
    ['bench-1.example:9464', 200],
    ['Bench-1.example.:9464', 200],
    ['[2001:db8:0::7]:9464', 200],
    ['[2001:db8::8]', 403],
    ['[::ffff:192.0.2.7]', 403],
    ['[::1', 403],
    ['localhost..', 403],
    ['evil.example', 403],
    ['evil.example:9464', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost.evil.example', 403],
    ['192.0.2.7', 403],
    ['localhost@evil.example', 403],
    ['localhost, evil.example', 403],
  ])('answers a request to the host %j with %d', async (host, status) => {
    const port = await listening({ hosts: ['bench-1.example', '2001:DB8::7'] });

    const { status: got, text } = await answer(port, { host });

    expect(got).toBe(status);
    expect(text.includes('orders_total')).toBe(status === 200);
  });

  it('reports the first name that it refuses, and no other', async () => {
    const lines = reported();
    const port = await listening();
    for (const host of ['prom.example\u00e9', 'b.example', 'c.example']) await answer(port, { host });

    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('was refused with 403. List the name in metricsPage.hosts');
    expect(lines[0]).toContain('prom.example');
  });

  it('refuses requests of web pages', async () => {
    const port = await listening();
    for (const origin of ['http://evil.example', 'null', 'http://localhost']) {
      expect((await answer(port, { origin })).status).toBe(403);
    }
  });

  it('refuses a request without a host', async () => {
    expect(await raw(await listening(), 'GET /metrics HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 403 /);
  });
});

it('a page with a token answers under any name: a web page does not have the token', async () => {
  const port = await listening({ token: 's3cret' });
  const headers = { host: 'bench-1.example', authorization: 'Bearer s3cret' };

  expect((await answer(port, headers)).status).toBe(200);
  expect((await answer(port, { host: 'localhost' })).status).toBe(401);
});

it.each([['localhost:9464'], ['[::1]:9464'], ['::g'], ['http://a'], [''], ['a b'], [7]])(
  'the name %j is refused when the page is made',
  (name) => {
    expect(() => metricsPage({ hosts: [name as string] })).toThrow(/^hosts is .*It must be a list of host names/);
  },
);

it.each([['prom'], [null], [{}]])('names that are not a list, but %j, are refused', (hosts) => {
  const options = { hosts } as unknown as MetricsPageOptions;
  expect(() => metricsPage(options)).toThrow(/^hosts is .*It must be a list of host names/);
});
