import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { describe, expect, it, onTestFinished } from 'vitest';
import { metricsPage } from './metricsPage.ts';
import type { MetricsPageOptions } from './pageOptions.ts';
import { selfSigned } from './selfSigned.suite.ts';

async function listening(options: MetricsPageOptions): Promise<string> {
  const page = metricsPage({ port: 0, ...options });
  onTestFinished(() => page.close());
  new MeterProvider({ readers: [page.reader] }).getMeter('app').createCounter('orders').add(1);
  return page.listen();
}

async function get(url: string, authorization?: string, ca?: string) {
  const headers = authorization === undefined ? {} : { authorization };
  const options = { headers, agent: false, ...(ca !== undefined && { ca }) } as const;
  const request = ca === undefined ? httpGet(url, options) : httpsGet(url, options);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const body = (await response.setEncoding('utf8').toArray()).join('');
  return { status: response.statusCode, asks: response.headers['www-authenticate'], body };
}

async function files(contents: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-page-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(contents)) await writeFile(join(folder, name), content);
  return (name: string) => join(folder, name);
}

describe('a page with a token', () => {
  it.each([
    ['the token', 'Bearer s3cret', 200],
    ['the token, with the scheme in lower case', 'bearer  s3cret ', 200],
    ['no header', undefined, 401],
    ['another token', 'Bearer s3cres', 401],
    ['a part of it', 'Bearer s3', 401],
    ['an empty one', 'Bearer ', 401],
    ['another scheme', 'Basic s3cret', 401],
    ['a long one', `Bearer ${'x'.repeat(8000)}`, 401],
  ])('answers a request with %s', async (_what, authorization, status) => {
    const answer = await get(await listening({ token: 's3cret' }), authorization);
    expect(answer.status).toBe(status);
    expect(answer.asks).toBe(status === 401 ? 'Bearer' : undefined);
    expect(answer.body.includes('orders_total')).toBe(status === 200);
    expect(answer.body).not.toContain('s3cret');
  });

  it('answers /healthz without a token', async () => {
    const url = await listening({ token: 's3cret' });
    expect((await get(new URL('/healthz', url).href)).status).toBe(200);
  });

  it('is read from a file, without the end of the line', async () => {
    const at = await files({ token: 's3cret\n' });
    const url = await listening({ tokenFile: at('token') });
    expect((await get(url, 'Bearer s3cret')).status).toBe(200);
    expect((await get(url)).status).toBe(401);
  });

  it.each([
    ['does not exist', 'absent', /^tokenFile is .*absent"\. It must be the path of a file .*\(ENOENT\)\.$/],
    ['is empty', 'empty', /^tokenFile is .*empty"\. It must be .* one line of letters/],
    ['has another text', 'words', /^tokenFile is .*words"\. It must be .* one line of letters/],
  ])('does not listen when the file %s', async (_what, name, message) => {
    const at = await files({ empty: '\n', words: 'not a token' });
    const failed = metricsPage({ port: 0, tokenFile: at(name) }).listen();
    await expect(failed).rejects.toMatchObject({ code: 'BAD_OPTION', message: expect.stringMatching(message) });
    await expect(failed).rejects.not.toThrow(/not a token/);
  });
});

describe('beyond loopback', () => {
  it.each(['0.0.0.0', '::', '192.0.2.1', 'bench.example'])('%s is refused without a token', async (host) => {
    await expect(metricsPage({ host, port: 0 }).listen()).rejects.toMatchObject({
      code: 'PAGE_UNPROTECTED',
      message: expect.stringMatching(/open to every machine that can reach .* Give it a token/),
      // A program that takes its settings from the environment alone can print this sentence as it is.
      fix: expect.stringMatching(/TELEMETRY_METRICS_TOKEN_FILE.* TELEMETRY_METRICS_UNPROTECTED=true/),
    });
  });

  it('a page listens with a token, or with allowUnprotected', async () => {
    expect(await listening({ host: '0.0.0.0', token: 'x' })).toMatch(/^http:\/\/0\.0\.0\.0:\d+/);
    expect(await listening({ host: '0.0.0.0', allowUnprotected: true })).toMatch(/^http:/);
  });

  it.each(['127.0.0.1', '127.8.8.8', 'localhost'])('%s needs no token', async (host) => {
    expect(await listening({ host })).toContain(host);
  });
});

describe('TLS', () => {
  it('serves the page to clients that trust the certificate', async () => {
    const { cert, key } = selfSigned();
    const at = await files({ cert, key });
    const url = await listening({ tls: { certFile: at('cert'), keyFile: at('key') }, token: 's3cret' });
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:/);
    expect((await get(url, 'Bearer s3cret', cert)).body).toContain('orders_total 1\n');
    await expect(get(url, 'Bearer s3cret', selfSigned().cert)).rejects.toThrow(/self.signed/);
    await expect(get(url.replace('https', 'http'))).rejects.toThrow();
    expect((await get(url, undefined, cert)).status).toBe(401);
  });

  it('does not start with files that do not exist, or are not a certificate and its key', async () => {
    const { cert } = selfSigned();
    const at = await files({ cert, other: selfSigned().key });
    const tls = (keyFile: string) => metricsPage({ port: 0, tls: { certFile: at('cert'), keyFile } }).listen();
    await expect(tls(at('absent'))).rejects.toThrow(/^tls\.keyFile is .*absent.*\(ENOENT\)/);
    await expect(tls(at('cert'))).rejects.toMatchObject({ code: 'BAD_OPTION', fix: expect.stringContaining('PEM') });
    await expect(tls(at('other'))).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});
