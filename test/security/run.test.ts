// `benchlab-probe run` next to other programs of the host that send to its receiver.
import { execFile as execFileWithCallback } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { script } from '../../packages/probe-cli/src/host/programs.suite.ts';
import { probed } from '../../packages/probe-cli/src/host/testHost.suite.ts';
// Loaded here, so that its loading does not count into the first test.
import '../../packages/probe-cli/src/run/budgetedRun.ts';
import { framed, tracePath } from './attackers.ts';
import { spanBytes, traceRequest } from './otlpBytes.ts';

const execFile = promisify(execFileWithCallback);

// Each test starts a program, seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'benchlab-security-'));
afterAll(() => rmSync(folder, { recursive: true }));

const startNs = BigInt(Date.now()) * 1_000_000n;
const spans = (count: number) =>
  traceRequest(
    Array.from({ length: count }, (_, id) => spanBytes({ name: 'checkout', id, startNs, endNs: startNs + 5_000_000n })),
  ).toString('base64');

/** A program that posts `own` spans with the header of the run, and `foreign` ones as another process would. */
function program(own: number, foreign: number, more = ''): readonly string[] {
  return script(`(async () => {
    const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: header } = process.env;
    const [name, value] = header.split(',').at(-1).split('=');
    const type = { 'content-type': 'application/x-protobuf' };
    const post = (body, headers) => fetch(endpoint + '/v1/traces', { method: 'POST', body: Buffer.from(body, 'base64'), headers });
    if (${own} > 0) await post('${spans(own)}', { ...type, [name]: value });
    for (let n = 0; n < ${foreign}; n++) await post('${spans(100)}', type);
    ${more}
  })()`);
}

describe('requests without the header of the run', () => {
  it('change neither a verdict nor the exit code, and become a note', async () => {
    const file = join(folder, 'run.json');
    const budgets = ['--budget', 'count(checkout) < 3', '--budget', 'p95(checkout) < 1 s'];
    const stray = "await fetch(endpoint + '/favicon.ico', { headers: { origin: 'http://evil.example' } });";

    const { code, out } = await probed('run', ...budgets, '--json', file, '--', ...program(2, 3, stray));

    expect(out).toMatch(/^PASS +count\(checkout\) < 3 +observed 2/m);
    expect(out).toMatch(/^note +4 OTLP requests without the header of this run were not taken/m);
    expect(out).not.toMatch(/^trouble/m);
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8')).received).toMatchObject({
      spans: 2,
      strangerRequests: 4,
      refusedRequests: 0,
    });
  });

  it('cannot make trouble with connections that send nothing', async () => {
    const hold = `
      const { connect } = require('node:net');
      const sockets = [];
      for (let n = 0; n < 300; n++) {
        const socket = connect(new URL(endpoint).port, '127.0.0.1').resume();
        socket.on('error', () => {});
        sockets.push(socket);
        await new Promise((done) => socket.once('connect', done));
      }
      if (!sockets[9].closed) await new Promise((done) => sockets[9].once('close', done));
      for (const socket of sockets) socket.destroy();`;

    const { code, out } = await probed('run', '--budget', 'count(checkout) < 3', '--', ...program(2, 0, hold));

    expect(out).toMatch(
      /^note +\d+ connections that had sent no header of this run were closed because more than 256/m,
    );
    expect(out).not.toMatch(/^trouble/m);
    expect(code).toBe(0);
  });

  it('cannot turn a budget that fails', async () => {
    const { code, out } = await probed('run', '--budget', 'count(checkout) >= 50', '--', ...program(2, 1));

    expect(out).toMatch(/^FAIL +count\(checkout\) >= 50 +observed 2/m);
    expect(code).toBe(99);
  });
});

describe('a refused export', () => {
  const overGrpc = (body: Buffer, headers: object) => `
    const session = require('node:http2').connect(endpoint);
    const stream = session.request({ ':method': 'POST', ':path': '${tracePath}', 'content-type': 'application/grpc',
      te: 'trailers', [name]: value, ...${JSON.stringify(headers)} });
    stream.on('error', () => {});
    stream.end(Buffer.from('${body.toString('base64')}', 'base64'));
    await new Promise((done) => stream.resume().on('close', done));
    session.destroy();`;
  const overHttp =
    "await post(Buffer.from('not gzip').toString('base64'), { ...type, [name]: value, 'content-encoding': 'gzip' });";
  const throughProxy = "await post('', { ...type, [name]: value, origin: 'http://proxy.example' });";
  const brokenGzip = overGrpc(framed(Buffer.from('not gzip'), true), { 'grpc-encoding': 'gzip' });

  it.each([
    ['over gRPC with a broken gzip', brokenGzip],
    ['over gRPC with nothing that is OTLP', overGrpc(framed(Buffer.from([0xff])), {})],
    ['over HTTP with a broken gzip', overHttp],
  ])('%s leaves a verdict that it could change undecided: 98', async (_what, more) => {
    const { code, out } = await probed('run', '--budget', 'p95(checkout) < 1 s', '--', ...program(2, 0, more));

    expect(out).toMatch(/^INCONCLUSIVE .*the spans of 1 refused request are missing from the figures/m);
    expect(out).toMatch(/^trouble +1 OTLP request was refused/m);
    expect(code).toBe(98);
  });

  it('through a browser or proxy is one of the program, and trouble that states how to send it', async () => {
    const { code, out } = await probed('run', '--budget', 'p95(checkout) < 1 s', '--', ...program(2, 0, throughProxy));

    expect(out).toMatch(/^trouble +1 OTLP request was refused although .* send them to OTEL_EXPORTER_OTLP_ENDPOINT/m);
    expect(out).not.toMatch(/^note .*without the header/m);
    expect(code).toBe(98);
  });

  it('does not change a verdict that more spans cannot change', async () => {
    const { code, out } = await probed('run', '--budget', 'count(checkout) < 2', '--', ...program(2, 0, brokenGzip));

    expect(out).toMatch(/^FAIL +count\(checkout\) < 2/m);
    expect(code).toBe(99);
  });

  it('is trouble where nothing is to be judged: 97', async () => {
    const { code } = await probed('run', '--', ...program(2, 0, brokenGzip));

    expect(code).toBe(97);
  });
});

it('the program keeps the headers that the user has set', async () => {
  const before = process.env.OTEL_EXPORTER_OTLP_HEADERS;
  process.env.OTEL_EXPORTER_OTLP_HEADERS = 'tenant=a';
  try {
    const { out } = await probed('run', '--', ...script('console.log(process.env.OTEL_EXPORTER_OTLP_HEADERS)'));
    expect(out).toMatch(/^tenant=a,benchlab-run=[0-9a-f]{32}$/m);
  } finally {
    if (before === undefined) delete process.env.OTEL_EXPORTER_OTLP_HEADERS;
    else process.env.OTEL_EXPORTER_OTLP_HEADERS = before;
  }
});

it('a run works in a Node process that may not make code of strings', async () => {
  const bin = fileURLToPath(new URL('../../packages/probe-cli/bin/benchlab-probe.mjs', import.meta.url));
  const words = ['run', '--budget', 'count(checkout) >= 2', '--', ...program(2, 0)];

  const { stdout } = await execFile(process.execPath, ['--disallow-code-generation-from-strings', bin, ...words]);

  expect(stdout).toMatch(/^PASS +count\(checkout\) >= 2 +observed 2/m);
});

it('a budget of more than 1,000 characters is refused at once', async () => {
  const { code, err } = await probed('run', '--budget', `p95(${')<a '.repeat(7_500)}(`, '--', 'true');

  expect(err).toMatch(/has 30005 characters\. Use at most 1000\./);
  expect(code).toBe(2);
});
