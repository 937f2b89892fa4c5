import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { otlpSink } from '../export/otlpSink.suite.ts';

// Programs without a line of code for telemetry, in processes of their own, with the built packages.

const root = fileURLToPath(new URL('../../../..', import.meta.url));
let folder: string;
/** A folder without auto-instrumentations. */
let bareFolder: string;
beforeAll(() => {
  // In this place, so that packages are found in the repository's node_modules.
  folder = mkdtempSync(join(root, 'node_modules/.register-'));
  bareFolder = mkdtempSync(join(root, 'node_modules/.register-'));
  // The real package brings forty instrumentations; these four are of it.
  const auto = join(folder, 'node_modules/@opentelemetry/auto-instrumentations-node');
  mkdirSync(auto, { recursive: true });
  writeFileSync(
    join(auto, 'index.js'),
    `const names = ['http:HttpInstrumentation', 'undici:UndiciInstrumentation', 'express:ExpressInstrumentation', 'nestjs-core:NestInstrumentation'];
    exports.getNodeAutoInstrumentations = () => names.map((each) => {
      const [name, of] = each.split(':');
      return new (require('@opentelemetry/instrumentation-' + name)[of])();
    });`,
  );
});
afterAll(() => {
  for (const each of [folder, bareFolder]) rmSync(each, { recursive: true });
}, 60_000);

interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const register = ['--import', '@benchlab-otel/node/register'];

function run(program: string, { args = register, env = {}, cwd = folder, programFolder = folder } = {}): Promise<Ran> {
  const path = join(programFolder, `${Math.random()}.mjs`);
  writeFileSync(path, program);
  const child = spawn(process.execPath, [...args, path], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 25_000,
    env: {
      PATH: process.env.PATH,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'prometheus',
      OTEL_EXPORTER_PROMETHEUS_PORT: '0',
      ...env,
    },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })));
}

/** What a handler finds: the active span, its parent, the span of the request's header, and a span of its own. */
const seen = `
  import { withSpan } from '@benchlab-otel/sdk';
  import { trace } from '@opentelemetry/api';
  export const seen = (headers) => {
    const active = trace.getActiveSpan();
    return withSpan('work', (own) => ({
      trace: active?.spanContext().traceId,
      sent: headers.traceparent?.split('-')[1],
      name: active?.name,
      isChild: own.parentSpanContext?.spanId === active?.spanContext().spanId,
    }));
  };
  export const ask = (url) => withSpan('client', async (span) => {
    const answer = await (await fetch(url)).json();
    return { ...answer, client: span.spanContext().traceId };
  });`;

const frameworks: Record<string, string> = {
  'node:http': `
    import { createServer } from 'node:http';
    const server = createServer((request, response) => response.end(JSON.stringify(seen(request.headers))));`,
  Express: `
    import express from 'express';
    import { createServer } from 'node:http';
    const application = express();
    application.get('/', (request, response) => void response.json(seen(request.headers)));
    const server = createServer(application);`,
  'Express that is required': `
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    const application = require('express')();
    application.get('/', (request, response) => void response.json(seen(request.headers)));
    const server = require('node:http').createServer(application);`,
  NestJS: `
    import 'reflect-metadata';
    import { Controller, Get, Module, Req } from '@nestjs/common';
    import { NestFactory } from '@nestjs/core';
    class Shop { list(request) { return seen(request.headers); } }
    Req()(Shop.prototype, 'list', 0);
    Get()(Shop.prototype, 'list', Object.getOwnPropertyDescriptor(Shop.prototype, 'list'));
    Controller()(Shop);
    class Application {}
    Module({ controllers: [Shop] })(Application);
    const nest = await NestFactory.create(Application, { logger: false });
    await nest.init();
    const server = nest.getHttpServer();`,
};

const spanNames: Record<string, RegExp> = {
  'node:http': /^GET/,
  Express: /^request handler/,
  'Express that is required': /^request handler/,
  NestJS: /^list$/,
};

describe('--import @benchlab-otel/node/register', () => {
  it.each(Object.keys(frameworks))(
    'puts spans of the application between those of undici, HTTP and %s, in one trace',
    async (framework) => {
      writeFileSync(join(folder, 'seen.mjs'), seen);
      const { stdout, stderr, code } = await run(`
        import { ask, seen } from './seen.mjs';
        ${frameworks[framework]}
        await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
        console.log(JSON.stringify(await ask('http://127.0.0.1:' + server.address().port + '/')));
        server.closeAllConnections();
        server.close();`);
      expect([stderr, code]).toEqual(['', 0]);
      const found = JSON.parse(stdout);
      expect(found).toMatchObject({ isChild: true, trace: found.client, sent: found.client });
      expect(found.name).toMatch(spanNames[framework] as RegExp);
    },
  );

  it('makes no span and no metric of scrapes of the page', async () => {
    const env = { OTEL_EXPORTER_PROMETHEUS_PORT: '0', OTEL_TRACES_EXPORTER: 'none' };
    const { stdout, stderr } = await run(
      `
      import { startTelemetry } from '@benchlab-otel/node';
      import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
      import { createRequire } from 'node:module';
      const instrumentation = new HttpInstrumentation();
      // Patched when it is required after that.
      const { get } = createRequire(import.meta.url)('node:http');
      const started = [];
      const spans = { name: 'spans', spanStarted: (span) => void started.push(span.name + ' ' + span.kind) };
      const telemetry = await startTelemetry({ instrumentations: [instrumentation], enrichers: [spans], env: process.env });
      const page = () => new Promise((resolve) => get(telemetry.metricsUrl, (response) => {
        let text = '';
        response.on('data', (chunk) => { text += chunk; }).on('end', () => resolve(text));
      }));
      await page();
      const text = await page();
      console.log(JSON.stringify([started, text.includes('http_client_request_duration'), text.includes('http_server_request_duration')]));
      await telemetry.shutdown();`,
      { args: [], env },
    );
    expect(stderr).toBe('');
    // The client is in this process too, and has its spans of kind CLIENT, 2.
    expect(JSON.parse(stdout.split('\n').at(-2) ?? '')).toEqual([['GET 2', 'GET 2'], true, false]);
  });

  it('that is given twice, starts once and names the fix', async () => {
    const again = `import { startFromEnvironment } from ${JSON.stringify(join(root, 'packages/node/dist/start/fromEnvironment.js'))};
      await startFromEnvironment();
      console.log('runs');`;
    const { stdout, stderr, code } = await run(again);
    expect([stdout, code]).toEqual(['runs\n', 0]);
    expect(stderr).toBe(
      'benchlab-otel: @benchlab-otel/node/register is imported twice; the second import does nothing. Remove one --import.\n',
    );
  });

  it('with a wrong variable, names it, and the application runs without telemetry', async () => {
    const { stdout, stderr, code } = await run(`console.log('runs');`, { env: { OTEL_TRACES_EXPORTER: 'zipkin' } });
    expect([stdout, code]).toEqual(['runs\n', 0]);
    expect(stderr).toMatch(
      /^benchlab-otel: OpenTelemetry did not start, and the application runs without it: OTEL_TRACES_EXPORTER is "zipkin"/,
    );
  });

  it('exports what is left when a signal ends the program', async () => {
    const sink = await otlpSink();
    const { signal, stdout } = await run(
      `import { withSpan } from '@benchlab-otel/sdk';
      withSpan('last', () => {});
      process.kill(process.pid, 'SIGTERM');
      setInterval(() => {}, 1000);`,
      { env: { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint } },
    );
    await sink.close();
    expect([signal, stdout]).toEqual(['SIGTERM', '']);
    expect(sink.traces.map((bytes) => bytes.includes('last'))).toEqual([true]);
  });

  const printSdk = `import { seesSdk } from '@benchlab-otel/sdk'; console.log(seesSdk());`;

  it('starts nothing in worker threads', async () => {
    writeFileSync(join(folder, 'worker.mjs'), printSdk);
    const { stdout, stderr } = await run(
      `import { Worker } from 'node:worker_threads';
      ${printSdk}
      new Worker(new URL('worker.mjs', import.meta.url));`,
    );
    expect([stdout, stderr]).toEqual(['true\nfalse\n', '']);
  });

  it('starts without a page where the port is in use, as in the second worker of a cluster', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { stdout, stderr } = await run(printSdk, { env: { OTEL_EXPORTER_PROMETHEUS_PORT: `${port}` } });
    server.close();
    expect(stdout).toBe('true\n');
    expect(stderr).toMatch(
      new RegExp(`^benchlab-otel: There is no metrics page: .*port ${port} .*set by OTEL_EXPORTER_PROMETHEUS_PORT`),
    );
  });

  it('logs to standard error, because standard output belongs to the program', async () => {
    const { stdout, stderr } = await run(`console.log('data');`, { env: { OTEL_SDK_DISABLED: 'true' } });
    expect(stdout).toBe('data\n');
    expect(stderr).toContain('telemetry.disabled');
  });

  const traced = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };

  it.each([
    ['of the program', () => ({ cwd: bareFolder, programFolder: folder }), false],
    ['of the process', () => ({ cwd: folder, programFolder: bareFolder }), false],
    ['of neither, which one line states', () => ({ cwd: bareFolder, programFolder: bareFolder }), true],
  ] as const)('finds the instrumentations in the folder %s', async (_where, folders, isMissing) => {
    const { stderr } = await run('', { env: traced, ...folders() });
    const line = 'is not installed. To have them, npm install @opentelemetry/auto-instrumentations-node.';
    expect(stderr.includes(line)).toBe(isMissing);
  });

  it('does not ask for instrumentations where there are no traces', async () => {
    const { stderr } = await run('', { cwd: bareFolder, programFolder: bareFolder });
    expect(stderr).toBe('');
  });
});
