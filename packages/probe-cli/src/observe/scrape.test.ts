import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { scrape } from './scrape.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

/** A server that writes these bytes to each connection. */
async function raw(bytes: string): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

const page = (type: string, text: string | Buffer, headers = {}): RequestListener => {
  return (_, response) => void response.writeHead(200, { 'content-type': type, ...headers }).end(text);
};
const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

it('asks for OpenMetrics before text, uncompressed, on a connection of its own', async () => {
  let headers: NodeJS.Dict<string | string[]> = {};
  const url = await served((request, response) => {
    headers = request.headers;
    page(openMetrics, '# TYPE jobs counter\njobs_total 3 # {trace_id="é"} 1\n# EOF\n')(request, response);
  });
  const result = await scrape(url);
  expect(result).toMatchObject({
    outcome: 'page',
    page: { format: 'openmetrics', series: [{ name: 'jobs_total', points: [{ value: 3, exemplars: 1 }] }] },
  });
  expect(headers).toMatchObject({ connection: 'close', 'accept-encoding': 'identity' });
  expect(headers.accept).toMatch(/^application\/openmetrics-text;version=1\.0\.0,text\/plain;version=0\.0\.4;q=0\.5/);
});

it.each(['text/plain; version=0.0.4', undefined])('reads the text format: %s', async (type) => {
  const url = await served(
    (_, response) => void response.writeHead(200, type ? { 'content-type': type } : {}).end('x 1\n'),
  );
  expect(await scrape(url)).toMatchObject({ outcome: 'page', page: { format: 'text', series: [{ name: 'x' }] } });
});

it('reads a page that comes in pieces, also within a character', async () => {
  const bytes = Buffer.from('x{a="é"} 1\ny 2\n');
  const url = await served(async (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    for (const byte of bytes) await new Promise((sent) => response.write(Buffer.of(byte), sent));
    response.end();
  });
  expect(await scrape(url)).toMatchObject({
    page: { series: [{ points: [{ labels: { a: 'é' } }] }, { name: 'y' }] },
  });
});

it('knows a port where nothing listens', async () => {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  expect(await scrape(`http://127.0.0.1:${port}/metrics`)).toEqual({ outcome: 'absent' });
});

it.each<[string, RequestListener, string, RegExp]>([
  [
    'an answer that is an error',
    (_, response) => void response.writeHead(401).end(),
    'refused',
    /^the answer is HTTP 401$/,
  ],
  [
    'an answer that leads elsewhere',
    (_, response) => void response.writeHead(302, { location: '/' }).end(),
    'refused',
    /^the answer is HTTP 302$/,
  ],
  [
    'an answer of another kind',
    page('text/html', '<p>'),
    'refused',
    /^the answer is "text\/html", not a metrics page$/,
  ],
  [
    'an answer that is compressed all the same',
    page('text/plain', gzipSync('x 1\n'), { 'content-encoding': 'gzip' }),
    'refused',
    /^the answer is in "gzip", which was not asked for$/,
  ],
  ['a page that is malformed', page('text/plain', 'x 1\ny\n'), 'malformed', /malformed: line 2: it has no value\.$/],
  ['a page without its end', page(openMetrics, 'x 1\n'), 'malformed', /it has no # EOF/],
  [
    'a page that is shorter than its length',
    (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '1000' }).write('x 1\n');
      setImmediate(() => response.destroy());
    },
    'malformed',
    /^the page is cut short: its connection was closed$|aborted/,
  ],
])('reports %s', async (_, listener, outcome, why) => {
  const result = await scrape(await served(listener));
  expect(result).toEqual({ outcome: expect.stringMatching(`^(${outcome}|refused)$`), why: expect.stringMatching(why) });
});

it('reports what is not HTTP', async () => {
  expect(await scrape(await raw('x 1\n'))).toMatchObject({ outcome: 'refused' });
  expect(await scrape(await raw(''))).toMatchObject({ outcome: 'refused' });
});

it('gives up on an answer that does not come, and on one that does not end', async () => {
  for (const listener of [
    () => undefined,
    ((_, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).write('x 1\n')) as RequestListener,
  ]) {
    expect(await scrape(await served(listener), { timeoutMs: 50 })).toMatchObject({
      outcome: 'refused',
      why: 'no page within 0.05 s',
    });
  }
});

it('reads a page up to its bounds', async () => {
  const url = await served(page('text/plain', 'x 1\n'.repeat(1_000)));
  expect(await scrape(url, { bytes: 100 })).toEqual({ outcome: 'refused', why: 'the page has more than 100 bytes' });
  const endless = await served((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    const write = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      if (!response.destroyed) response.once('drain', write);
    };
    write();
  });
  expect(await scrape(endless)).toEqual({
    outcome: 'refused',
    why: 'a line of the page has more than 1000000 characters',
  });
});

it('ends early when it is asked to', async () => {
  const ending = new AbortController();
  const url = await served(() => ending.abort());
  expect(await scrape(url, {}, ending.signal)).toMatchObject({ outcome: 'refused' });
});
