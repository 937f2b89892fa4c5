// The board is read by the process that takes telemetry: attacks on the receiver must not make it blind.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { probed } from '../../packages/probe-cli/src/host/testHost.suite.ts';
import { field, repeated, spanBytes, traceRequest } from '../security/otlpBytes.ts';
import { record } from './record.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-coverage-'));
afterAll(() => rmSync(folder, { recursive: true }));

const quietSeconds = 4;
const seconds = 8;

/**
 * A program that is measured for some seconds without and with an attack, in which its own process and strangers send the most expensive requests that
 * are still taken, and those that are refused last.
 */
function attacker(): string {
  const startNs = BigInt(Date.now()) * 1_000_000n;
  const span = (id: number) => spanBytes({ name: 'batch', id, startNs, endNs: startNs + 5n, attributes: 16 });
  const bodies = {
    batch: traceRequest(Array.from({ length: 8192 }, (_, id) => span(id))),
    oneItem: field(1, field(2, field(2, repeated(field(9), 90_000)))),
    tooMany: field(1, field(2, repeated(field(2), 2_000_000))),
    malformed: Buffer.concat([field(1, field(2, repeated(field(2), 290_000))), Buffer.from([0x0a])]),
  };
  for (const [name, body] of Object.entries(bodies)) writeFileSync(join(folder, name), body);
  const sdk = (name: string) => fileURLToPath(new URL(`../../packages/${name}/dist/index.js`, import.meta.url));
  const file = join(folder, 'attacker.mjs');
  writeFileSync(
    file,
    `import { readFileSync } from 'node:fs';
     import { gzipSync } from 'node:zlib';
     import { startTelemetry } from ${JSON.stringify(sdk('node'))};
     import { withSpan } from ${JSON.stringify(sdk('sdk'))};
     const telemetry = await startTelemetry({ serviceName: 'attacked' });
     const endpoint = process.env.OTEL_EXPORTER_OTLP_ENDPOINT + '/v1/traces';
     const [name, value] = process.env.OTEL_EXPORTER_OTLP_HEADERS.split('=');
     const bodies = ${JSON.stringify(Object.keys(bodies))}.map((each) => gzipSync(readFileSync(${JSON.stringify(folder)} + '/' + each)));
     const send = (body, headers) => fetch(endpoint, { method: 'POST', body, headers: {
       'content-type': 'application/x-protobuf', 'content-encoding': 'gzip', ...headers } }).then((r) => r.text(), () => {});
     await withSpan('quiet', () => new Promise((resolve) => setTimeout(resolve, ${quietSeconds * 1000})));
     await withSpan('measured', async () => {
       const until = performance.now() + ${seconds * 1000};
       const attack = async (headers, first = 0) => {
         for (let n = first; performance.now() < until; n++) await send(bodies[n % bodies.length], headers);
       };
       await Promise.all([
         ...bodies.map((_, first) => attack({ [name]: value }, first)), attack({}), attack({ origin: 'http://evil' }),
       ]);
     });
     await telemetry.shutdown();`,
  );
  return file;
}

// The quiet part of the same run is the peer: what else the machine does concerns both.
it('a run under attack has samples for nearly as much of its time as without it', { timeout: 120_000 }, async () => {
  const json = join(folder, 'run.json');

  await probed('run', '--simulate', '--json', json, '--', process.execPath, attacker());

  const { operations, received } = JSON.parse(readFileSync(json, 'utf8'));
  const coverageOf = (wanted: string) =>
    operations.find(({ name }: { name: string }) => name === wanted)?.energy?.roles.system.coverage;
  const [quiet, coverage] = [coverageOf('quiet'), coverageOf('measured')];
  record({ 'coverage without attack': quiet, 'coverage under attack': coverage });
  expect(received.strangerRequests).toBeGreaterThan(10);
  expect(received.refusedRequests).toBeGreaterThan(0);
  expect(received.requests).toBeGreaterThan(0);
  expect(quiet).toBeGreaterThan(0);
  expect(coverage / quiet).toBeGreaterThanOrEqual(0.9);
});
