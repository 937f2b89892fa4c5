// Under which names the metrics page answers.
import { type MetricsPageOptions, metricsPage } from '@benchlab-otel/node';
import { describe, expect, it } from 'vitest';
import { raw } from './attackers.ts';
import { answer, listening, reported } from './page.suite.ts';

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
