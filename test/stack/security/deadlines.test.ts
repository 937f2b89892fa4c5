// The deadlines of Node's own servers, which no clock of a test can turn: connections that do nothing are closed in time.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MetricsPageOptions, metricsPage } from '@benchlab-otel/node';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect, it, onTestFinished } from 'vitest';
import { selfSigned } from '../../../packages/node/src/page/selfSigned.suite.ts';
import { connected, untilClosed } from '../../security/attackers.ts';

/** Ten seconds, the interval of Node's check for late requests, and a machine that does other work. */
const mostMs = 30_000;

async function listening(options: MetricsPageOptions): Promise<number> {
  const page = metricsPage({ port: 0, ...options });
  onTestFinished(() => page.close());
  new MeterProvider({ readers: [page.reader] });
  return Number(new URL(await page.listen()).port);
}

function tls(): MetricsPageOptions {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const { cert, key } = selfSigned();
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  return { tls: { certFile, keyFile } };
}

it.concurrent.each([
  ['sends nothing', '', {}],
  ['never ends its headers', 'GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: ', {}],
  ['never ends its body', 'GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n', {}],
  ['never begins the handshake of TLS', '', undefined],
])(
  'a client of the page that %s is disconnected after ten seconds',
  { timeout: 2 * mostMs },
  async (_what, text, options) => {
    const socket = await connected(await listening(options ?? tls()));
    const startMs = performance.now();
    socket.write(text);

    await untilClosed(socket);

    expect(performance.now() - startMs).toBeGreaterThan(5_000);
    expect(performance.now() - startMs).toBeLessThan(mostMs);
  },
);
