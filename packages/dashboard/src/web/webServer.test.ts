import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { DashboardInput, InputSink } from '../inputs/dashboardInput.ts';
import { Dashboard } from '../model/dashboard.ts';
import type { Fact } from '../model/fact.ts';
import type { StreamMessage } from './streamMessage.ts';
import { WebServer, type WebServerOptions } from './webServer.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-web-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'page/assets'), { recursive: true });
writeFileSync(join(folder, 'page/index.html'), '<!doctype html><title>page</title>');
writeFileSync(join(folder, 'page/assets/app-1.js'), 'void 0;');
writeFileSync(join(folder, 'secret.js'), 'secret');
writeFileSync(join(folder, 'token'), 's3cret\n');

const startMs = Date.UTC(2026, 0, 1);

function frame(at: number, more: Partial<Fact> = {}): Fact {
  const fact = { kind: 'latency', node: 'local', from: 'ingress', to: 'encoded', isExact: true } as const;
  return { ...fact, timeMs: startMs + at * 10, latencyMs: at + 1, ...more } as Fact;
}

/** A server with one input, which the test feeds. */
async function served(more: Partial<WebServerOptions> = {}) {
  let sink: InputSink | undefined;
  const input: DashboardInput = {
    name: 'in',
    node: 'local',
    start: async (given) => {
      sink = given;
    },
    stop: async () => undefined,
  };
  const reports: string[] = [];
  const server = new WebServer({
    host: '127.0.0.1',
    port: 0,
    dashboard: new Dashboard(),
    inputs: [input],
    setup: { themes: [], baselines: [] },
    pageFolder: join(folder, 'page'),
    nowMs: () => startMs + 5_000,
    report: (text) => void reports.push(text),
    ...more,
  });
  const url = await server.start();
  onTestFinished(() => server.stop());
  const feed = (count: number, from = 0) => {
    for (let at = from; at < from + count; at++) sink?.fact(frame(at));
  };
  return { url, server, reports, feed, sink: () => sink as InputSink };
}

async function get(url: string, headers: Readonly<Record<string, string>> = {}) {
  const [response] = (await once(httpGet(url, { headers, agent: false }), 'response')) as [IncomingMessage];
  const body = (await response.setEncoding('utf8').toArray()).join('');
  return { status: response.statusCode, headers: response.headers, body };
}

/** Bytes that an HTTP client would not send: paths with dots. */
async function raw(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end(text);
  return (await socket.setEncoding('utf8').toArray()).join('');
}

/** A page's side of the stream: what it got, and `until`, which waits for a number of entries. */
function page(url: string, query = '') {
  const socket = new WebSocket(`${url.replace('http', 'ws')}api/stream${query}`);
  onTestFinished(() => socket.terminate());
  const messages: StreamMessage[] = [];
  const numbers = () => messages.flatMap(({ first, entries }) => entries.map((_, at) => first + at));
  const until = (count: number) =>
    new Promise<readonly number[]>((resolve) => {
      const look = () => {
        if (numbers().length >= count) resolve(numbers());
      };
      socket.on('message', look);
      look();
    });
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  return { socket, messages, until };
}

const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, at) => from + at);

describe('the stream over a WebSocket', () => {
  it('brings what was there and what comes, numbered without a gap', async () => {
    const { url, feed } = await served();
    feed(2_500);
    const { until, messages } = page(url);
    await until(2_500);
    feed(10, 2_500);
    expect(await until(2_510)).toEqual(upTo(2_510));
    expect(messages[0]).toMatchObject({ lost: 0, inputs: [{ name: 'in', node: 'local', facts: 2_500 }] });
    expect(messages[0]?.entries[0]).toEqual({ at: startMs + 5_000, input: 0, fact: frame(0) });
  });

  it('continues after a socket was killed: no entry is lost, and no entry comes twice', async () => {
    const { url, feed } = await served();
    const got: number[] = [];
    let query = '';
    for (let round = 0; round < 5; round++) {
      feed(100, round * 100);
      const { socket, until, messages } = page(url, query);
      got.push(...(await until(round === 0 ? 100 : 200)));
      socket.terminate();
      await once(socket, 'close');
      feed(100, 10_000 + round * 100);
      query = `?after=${got.at(-1)}&epoch=${messages[0]?.epoch}`;
    }
    expect(got).toEqual(upTo(900));
  });

  it('begins again, with another epoch, after the server was started again', async () => {
    const one = await served();
    one.feed(10);
    const before = page(one.url);
    await before.until(10);
    const epoch = before.messages[0]?.epoch;
    await one.server.stop();
    const two = await served();
    two.feed(3);
    const after = page(two.url, `?after=10&epoch=${epoch}`);
    expect(await after.until(3)).toEqual([1, 2, 3]);
    expect(after.messages[0]?.epoch).not.toBe(epoch);
  });

  it('shows a page what happened to inputs', async () => {
    const { url, sink } = await served();
    sink().changed({ condition: 'lost', reason: 'it was closed' });
    sink().found('bad', 'the board was lost');
    const { until, messages } = page(url);
    await until(2);
    expect(messages[0]?.entries).toMatchObject([
      { change: { condition: 'lost', reason: 'it was closed' } },
      { found: { severity: 'bad', text: 'the board was lost' } },
    ]);
  });

  it('ends for a page that sends something', async () => {
    const { url } = await served();
    for (const bytes of ['x', 'x'.repeat(100_000)]) {
      const { socket } = page(url);
      await once(socket, 'open');
      socket.send(bytes);
      const [code] = await once(socket, 'close');
      expect([1008, 1009]).toContain(code);
    }
    expect((await get(`${url}healthz`)).status).toBe(200);
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }, 403],
    ['another port of this host', { origin: 'http://127.0.0.1:1' }, 403],
    ['a name that means this host', { host: 'evil.example' }, 403],
  ])('is refused to a page of %s', async (_what, headers, status) => {
    const { url } = await served();
    const socket = new WebSocket(`${url.replace('http', 'ws')}api/stream`, { headers });
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(response.statusCode).toBe(status);
    socket.on('error', () => undefined).terminate();
  });
});

describe('the stream over polls', () => {
  it('has the same entries with the same cursor', async () => {
    const { url, feed } = await served();
    feed(1_500);
    const ask = async (query: string) => JSON.parse((await get(`${url}api/events${query}`)).body) as StreamMessage;
    const first = await ask('?after=0');
    const second = await ask(`?after=${first.entries.length}&epoch=${first.epoch}`);
    expect([first.first, first.entries.length, second.first, second.entries.length]).toEqual([1, 1_000, 1_001, 500]);
    expect(second.inputs).toHaveLength(1);
  });

  it('waits for the next entry', async () => {
    const { url, feed } = await served();
    feed(1);
    const waiting = get(`${url}api/events?after=1`);
    // Until the server has the request: what it is asked afterwards is answered afterwards.
    await get(`${url}healthz`);
    feed(2, 1);
    const { first, entries } = JSON.parse((await waiting).body) as StreamMessage;
    expect([first, entries.length]).toEqual([2, 2]);
  });

  it.each([
    '',
    '?after=x',
    '?after=-1',
    '?after=1e9',
    '?after=99999999999999999999',
    '?after=7',
    '?after=2&epoch=other',
  ])('begins at the start for the cursor "%s"', async (query) => {
    const { url, feed } = await served();
    feed(3);
    expect(JSON.parse((await get(`${url}api/events${query}`)).body)).toMatchObject({ first: 1, lost: 0 });
  });
});

describe('GET /api/live', () => {
  it('has the newest 300 rows, with the time since the first one in seconds', async () => {
    const { url, feed, sink } = await served();
    sink().fact({ kind: 'power', timeMs: startMs, node: 'local', source: 'board', watts: 246.2 });
    feed(400);
    const { rows } = JSON.parse((await get(`${url}api/live`)).body);
    expect(rows).toHaveLength(300);
    expect(rows[0]).toEqual({ t: 1, lat_ms: 101, power_w: 246.2 });
    expect(rows[299]).toEqual({ t: 3.99, lat_ms: 400, power_w: null });
  });

  it('has no row before there is one', async () => {
    expect((await get(`${(await served()).url}api/live`)).body).toBe('{"rows":[]}');
  });
});

describe('the page', () => {
  it('comes with a policy that lets it load only what this server has', async () => {
    const { url } = await served();
    const { headers, body, status } = await get(url);
    expect([status, body]).toEqual([200, '<!doctype html><title>page</title>']);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect((await get(`${url}assets/app-1.js`, { 'accept-encoding': 'br, gzip' })).headers).toMatchObject({
      'content-encoding': 'gzip',
      'cache-control': expect.stringContaining('immutable'),
    });
  });

  it.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '//secret.js',
    '/x\\..',
  ])('has no other file: %s', async (path) => {
    const { url } = await served();
    const answer = await raw(url, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).not.toContain('secret\n');
  });

  it('is not shown under another name, or to a page of another site', async () => {
    const { url } = await served();
    expect((await get(url, { host: 'evil.example' })).status).toBe(403);
    expect((await get(`${url}api/live`, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await get(`${url}api/live`, { origin: new URL(url).origin })).status).toBe(200);
  });

  it('is named as not built, with what to do, where it is absent', async () => {
    await expect(served({ pageFolder: folder })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('npm run build'),
    });
  });

  it('takes no other method', async () => {
    const { url } = await served();
    expect(await raw(url, 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 405 /,
    );
  });
});

describe('a token', () => {
  const protectedBy = { tokenFile: join(folder, 'token') };

  it('is needed for the page, its data and its stream', async () => {
    const { url } = await served(protectedBy);
    for (const path of ['', 'api/live', 'api/events', 'api/setup', 'assets/app-1.js']) {
      expect((await get(`${url}${path}`)).status).toBe(401);
      expect((await get(`${url}${path}`, { authorization: 'Bearer s3cret' })).status).toBe(200);
    }
    const socket = new WebSocket(`${url.replace('http', 'ws')}api/stream`);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(response.statusCode).toBe(401);
    socket.on('error', () => undefined).terminate();
  });

  it('becomes a cookie at the first use, which scripts and other sites do not get', async () => {
    const { url } = await served(protectedBy);
    expect((await get(`${url}?token=wrong`)).status).toBe(401);
    const { status, headers } = await get(`${url}?token=s3cret`);
    expect([status, headers.location]).toEqual([303, '/']);
    const [cookie = ''] = headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    const own = { cookie: cookie.split(';', 1)[0] ?? '' };
    expect((await get(url, own)).status).toBe(200);
    expect((await get(url, { ...own, origin: 'http://127.0.0.1:1' })).status).toBe(403);
  });

  it('or a written permission is needed where other hosts reach the page', async () => {
    await expect(served({ host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'PAGE_UNPROTECTED',
      message: expect.stringContaining('--token-file'),
    });
    await served({ host: '0.0.0.0', allowUnprotected: true });
  });
});
