import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

// Behaviour that only a separate process can show, with the built packages.

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../../..', import.meta.url));
let folder: string;
beforeEach(() => {
  // In this place, so that packages that are not in the folder itself are found in the repository's node_modules.
  folder = mkdtempSync(join(root, 'node_modules/.own-process-'));
});
// It holds copies of packages: thousands of files, which a busy machine removes slowly.
afterEach(() => rmSync(folder, { recursive: true }), 60_000);

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the folder; `isDeaf` closes its stdout before the program begins. */
function run(program: string, { isDeaf = false } = {}): Promise<Ran> {
  const path = join(folder, 'main.mjs');
  writeFileSync(path, program);
  const child = spawn(process.execPath, [path], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  if (isDeaf) child.stdout.destroy();
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

it('log lines for a closed stdout neither throw nor end the process, and spans and metrics still work', async () => {
  const { code, stderr } = await run(
    `
    import { startTelemetry } from '@benchlab-otel/node';
    import { counted, spanned } from '@benchlab-otel/sdk';
    const telemetry = await startTelemetry({ env: {}, otlp: false, metricsPage: { port: 0 } });
    const work = spanned('work', counted('works', () => telemetry.logger.info('line')));
    for (let i = 0; i < 100; i++) {
      work();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const page = await (await fetch(telemetry.metricsUrl)).text();
    await telemetry.shutdown();
    process.stderr.write(page.match(/^works_total.*/m)[0]);
    `,
    { isDeaf: true },
  );
  const [warning, works] = stderr.split('\n');
  expect(code).toBe(0);
  expect(warning).toMatch(/^benchlab-otel: log lines cannot be written to stdout and are lost: .*EPIPE/);
  expect(works).toBe('works_total{code_function_name="work"} 100');
});

it('a CommonJS program requires it', async () => {
  const { code, stdout, stderr } = await run(
    `
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    const names = ['node', 'sdk', 'sdk/testing', 'enrichers', 'hw-receivers'];
    process.stdout.write(names.map((name) => Object.keys(require('@benchlab-otel/' + name)).length > 3).join());
    `,
  );
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'true,true,true,true,true', stderr: '' });
});

/** Gives the built `@benchlab-otel/sdk` its own copy of the API, next to `@benchlab-otel/node`. */
function copyPackages(apiVersion: (own: string) => string): void {
  for (const name of ['node', 'sdk']) {
    for (const part of ['package.json', 'dist']) {
      copy(join(root, 'packages', name, part), join(folder, 'node_modules/@benchlab-otel', name, part));
    }
  }
  const own = join(root, 'packages/node/node_modules');
  if (existsSync(own)) copy(own, join(folder, 'node_modules/@benchlab-otel/node/node_modules'));
  const api = join(folder, 'node_modules/@benchlab-otel/sdk/node_modules/@opentelemetry/api');
  const [installed] = /.*\/node_modules\/@opentelemetry\/api\//.exec(require.resolve('@opentelemetry/api')) ?? [''];
  copy(installed, api);
  const versions = readdirSync(api, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\bversion\.[cm]?js$/.test(path),
  );
  for (const path of versions) {
    const file = join(api, path);
    const source = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      source.replace(
        /VERSION = (['"])([\d.]+)\1/,
        (_all, quote, own) => `VERSION = ${quote}${apiVersion(own)}${quote}`,
      ),
    );
  }
}

/** Without the files that only compilers and debuggers read, which are two of three. */
function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => !/\.(?:map|d\.ts)$/.test(path) });
}

const twoApis = `
  import { startTelemetry } from '@benchlab-otel/node';
  import { counted, spanned } from '@benchlab-otel/sdk';
  import { trace } from '@opentelemetry/api';
  const telemetry = await startTelemetry({ env: {}, otlp: false, metricsPage: false });
  const work = spanned('work', counted('works', (given) => [given, trace.getActiveSpan()?.isRecording() ?? false]));
  process.stderr.write(JSON.stringify(work('result')));
  await telemetry.shutdown();
`;

it('a second copy of the API of the same version works like one', async () => {
  copyPackages((own) => own);
  expect(await run(twoApis)).toEqual({ code: 0, stdout: '', stderr: '["result",true]' });
});

it('a second copy of a newer version loses the spans, changes no result, and is logged in one line', async () => {
  copyPackages(() => '1.99.0');
  const { code, stdout, stderr } = await run(twoApis);
  expect([code, stderr]).toEqual([0, '["result",false]']);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ level: 'warn', msg: expect.stringContaining('npm ls @opentelemetry/api') }]);
});

it('marks of two copies of the sdk see each other: one span, one exception, and Untraced is obeyed', async () => {
  copyPackages((own) => own);
  const other = fileURLToPath(new URL('../../../sdk/dist/index.js', import.meta.url));
  const { code, stderr } = await run(`
    import { inMemoryTelemetry } from ${JSON.stringify(other.replace(/index\.js$/, 'testing/index.js'))};
    import * as own from '@benchlab-otel/sdk';
    import * as other from ${JSON.stringify(other)};
    const telemetry = inMemoryTelemetry();
    class Shop {
      buy() { throw new RangeError('sold out'); }
      ping() {}
    }
    const mark = (sdk, name, key) =>
      Object.defineProperty(Shop.prototype, key, sdk[name](Shop.prototype, key, Object.getOwnPropertyDescriptor(Shop.prototype, key)));
    mark(own, 'Span', 'buy');
    mark(own, 'Untraced', 'ping');
    other.Traced(Shop);
    const shop = new Shop();
    shop.ping();
    try {
      other.withSpan('order', () => shop.buy());
    } catch {}
    const spans = telemetry.spans().map(({ name, events }) => [name, events.length]);
    process.stderr.write(JSON.stringify([own.Span !== other.Span, spans]));
  `);
  expect([code, stderr]).toEqual([0, '[true,[["Shop.buy",1],["order",0]]]']);
});

const ending = (how: string) => `
  import { createServer } from 'node:http2';
  import { startTelemetry } from '@benchlab-otel/node';
  import { withSpan } from '@benchlab-otel/sdk';
  const sink = createServer();
  let exports = 0;
  sink.on('stream', (stream) => {
    exports += 1;
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.alloc(5));
  });
  await new Promise((resolve) => sink.listen(0, '127.0.0.1', resolve));
  sink.unref();
  const telemetry = await startTelemetry({
    env: {},
    otlp: { endpoint: 'http://127.0.0.1:' + sink.address().port },
    metricsPage: false,
    telemetryOut: 'events.jsonl',
  });
  process.on('exit', () => process.stderr.write('exports ' + (exports > 0)));
  withSpan('job', () => telemetry.events.run('job', () => {}));
  ${how}
`;
const eventsOf = () =>
  readFileSync(join(folder, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { event: string }).event);

it('a program that ends by itself sends its spans and writes its events first', async () => {
  expect(await run(ending(''))).toEqual({ code: 0, stdout: '', stderr: 'exports true' });
  expect(eventsOf()).toEqual(['launch', 'completion']);
});

it('work that a program does at its own beforeExit, once or again, is sent too', async () => {
  const work = `
    import { setTimeout } from 'node:timers/promises';
    let rounds = 0;
    process.on('beforeExit', async () => {
      if (rounds === 3) return;
      rounds += 1;
      await setTimeout(20);
      telemetry.events.run('round', () => {});
    });
  `;
  expect(await run(ending(work))).toEqual({ code: 0, stdout: '', stderr: 'exports true' });
  expect(eventsOf()).toEqual(Array.from({ length: 4 }, () => ['launch', 'completion']).flat());
});

it.each([
  ['process.exit()', 'process.exit(3);', 3],
  ['an uncaught error', "setImmediate(() => { throw new Error('boom'); });", 1],
])('at %s the events are written, and one line has the number of spans that were not sent', async (_how, end, exit) => {
  const { code, stdout } = await run(ending(end));
  expect(code).toBe(exit);
  expect(JSON.parse(stdout)).toMatchObject({ level: 'warn', event: 'telemetry.unsent', spans: 1 });
  // A write that is under way may finish after the last one; each event has its time.
  expect(eventsOf().toSorted()).toEqual(['completion', 'launch', 'telemetry.unsent']);
});

it('a port in use at the start is printed as a message, without a stack', async () => {
  const { code, stderr } = await run(`
    import { createServer } from 'node:net';
    import { startTelemetry } from '@benchlab-otel/node';
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    await startTelemetry({ env: {}, otlp: false, metricsPage: { port: taken.address().port } });
  `);
  expect(code).toBe(1);
  expect(stderr).toMatch(/BenchlabError: The metrics page cannot listen: port \d+ on 127\.0\.0\.1 is in use/);
  expect(stderr).not.toMatch(/^\s+at /m);
});
