// Connections to the metrics page that clients hold.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { MetricsPageOptions } from '@benchlab-otel/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { selfSigned } from '../../packages/node/src/page/selfSigned.suite.ts';
import { closing, connected, untilClosed } from './attackers.ts';
import { answer, listening, reported } from './page.suite.ts';

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
