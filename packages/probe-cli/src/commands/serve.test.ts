import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { probed } from '../host/testHost.suite.ts';
import { program, serving } from './serving.suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'serve-'));
afterAll(() => rmSync(folder, { recursive: true }));
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const schema = JSON.parse(readFileSync(new URL('../../schema/serve.schema.json', import.meta.url), 'utf8'));
const token = 'a-token-of-at-least-16-letters';

function tokenFile(text: string): string {
  const path = join(folder, `token-${text.length}`);
  writeFileSync(path, `${text}\n`);
  return path;
}

async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

describe('benchlab-probe serve', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'reports what programs sent, and the page that it read, at %s',
    async (signal) => {
      const json = join(folder, `${signal}.json`);
      let scraped = () => {};
      const isScraped = new Promise<void>((resolve) => {
        scraped = resolve;
      });
      const page = await served((_, response) => {
        response.once('close', scraped);
        response.writeHead(200, { 'content-type': 'text/plain' }).end('# TYPE depth gauge\ndepth{queue="a"} NaN\n');
      });
      const { probe, endpoint } = await serving('--json', json, '--scrape', page);
      await program(endpoint);
      await isScraped;
      probe.send(signal);
      const { code, out, err } = await probe.ended;

      expect([code, err]).toEqual([0, expect.stringContaining('gRPC and HTTP')]);
      expect(out).toMatch(/^benchlab-probe serve: /);
      expect(out).toMatch(/^checkout +1 +0 /m);
      expect(out).toMatch(/^orders_total +counter +- +1$/m);
      expect(out).toMatch(/^received {2}1 span, \d+ metrics, 1 log record over OTLP$/m);
      const report = JSON.parse(readFileSync(json, 'utf8'));
      expect(new Ajv2020({ allowUnionTypes: true }).validate(schema, report)).toBe(true);
      expect(report.series).toEqual(
        expect.arrayContaining([
          {
            name: 'orders_total',
            type: 'counter',
            unit: null,
            points: [{ labels: {}, value: 3, first: null, delta: 3, sum: null, exemplars: 0 }],
          },
          expect.objectContaining({ name: 'depth', points: [expect.objectContaining({ value: 'NaN', delta: null })] }),
        ]),
      );
      expect(probe.listeners).toBe(0);
    },
  );

  it('ends after --for, also where nothing came', async () => {
    const { code, out } = await probed('serve', '--listen', '127.0.0.1:0', '--for', '10ms');
    expect([code, out]).toEqual([0, expect.stringContaining('No span arrived.')]);
  });

  it('takes requests with the token alone, where it has one', async () => {
    const { probe, endpoint } = await serving('--token-file', tokenFile(token));
    expect((await program(endpoint)).droppedSpans).toBe(1);
    const headers = { authorization: `Bearer ${token}` };
    expect((await program(endpoint, { otlp: { headers } })).droppedSpans).toBe(0);
    probe.send('SIGINT');
    const { code, out } = await probe.ended;
    expect(out).toMatch(/^received {2}1 span, /m);
    expect(out).toMatch(/^note +\d+ requests without the token: not taken$/m);
    expect(code).toBe(0);
  });

  it('is trouble, 97, when something had to be refused', async () => {
    const { probe, endpoint } = await serving();
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${endpoint}/v1/traces`, { method: 'POST', headers, body: '{' })).status).toBe(400);
    probe.send('SIGINT');
    expect(await probe.ended).toMatchObject({ code: 97, out: expect.stringContaining('1 OTLP request was refused') });
  });

  it('refuses what comes by way of a browser', async () => {
    const { probe, endpoint } = await serving();
    const headers = { 'content-type': 'application/json', origin: 'https://example.com' };
    expect((await fetch(`${endpoint}/v1/traces`, { method: 'POST', headers, body: '{}' })).status).toBe(403);
    probe.send('SIGINT');
    await probe.ended;
  });

  it('notes a page that could not be read', async () => {
    const { code, out } = await probed(
      'serve',
      '--listen',
      '127.0.0.1:0',
      '--for',
      '60ms',
      '--scrape',
      'http://127.0.0.1:1/metrics',
    );
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('there was no metrics page at http://127.0.0.1:1/metrics'),
    ]);
  });

  it('names a port that is in use', async () => {
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { code, err } = await probed('serve', '--listen', `127.0.0.1:${port}`);
    expect([code, err]).toEqual([
      97,
      expect.stringMatching(`Cannot listen on 127\\.0\\.0\\.1, port ${port}: .*EADDRINUSE`),
    ]);
  });

  it.each([
    [['--listen', '0.0.0.0:4317'], /--listen.*without a token every host could send here/s],
    [['--listen', '4317'], /--listen.*HOST:PORT/s],
    [['--listen', 'example.com:4317'], /--listen.*HOST:PORT/s],
    [['--listen', '127.0.0.1:65536'], /--listen.*HOST:PORT/s],
    [['--token-file', '/nowhere'], /--token-file.*ENOENT/s],
    [['--token-file', tokenFile('short')], /--token-file.*16 or more letters/s],
    [['--scrape', 'ftp://x/metrics'], /--scrape.*the address of a metrics page/s],
    [['--scrape', 'metrics'], /--scrape.*the address of a metrics page/s],
    [['--for', 'long'], /--for/],
    [['--json', '/nowhere/a.json'], /--json/],
    [['--expct'], /--expct/],
    [['--save', '/nowhere/a.json'], /--save/],
  ])('refuses %j with 2', async (args, message) => {
    const { code, out, err } = await probed('serve', ...args);
    expect([code, out, err]).toEqual([2, '', expect.stringMatching(message)]);
  });
});
