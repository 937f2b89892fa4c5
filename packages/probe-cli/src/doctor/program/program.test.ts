// Small real projects, each broken in one way, run as their own processes with the observer in them.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { bin, startNode } from '../../host/childProbe.suite.ts';
import { project } from '../project.suite.ts';

// Each test starts processes, whose start takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const links = [
  '@opentelemetry/api',
  '@opentelemetry/sdk-trace-node',
  '@opentelemetry/sdk-metrics',
  '@opentelemetry/exporter-prometheus',
  '@opentelemetry/instrumentation',
  '@opentelemetry/instrumentation-pino',
  'pino',
];
const dependencies = Object.fromEntries(links.map((name) => [name, '*']));

function app(files: Record<string, string>): string {
  const folder = project({
    links,
    files: { 'package.json': { name: 'app', version: '1.0.0', dependencies }, ...files },
  });
  folders.push(folder);
  return folder;
}

interface Report {
  readonly findings: readonly { readonly id: string; readonly evidence: readonly string[]; readonly fix: string }[];
  readonly notLookedAt: readonly { readonly ids: readonly string[]; readonly because: string }[];
  readonly program?: { readonly code: number; readonly processes: number };
}

/** The state of the machine is not that of the project. */
const ofMachine = ['clock-unsynchronised', 'clock-step', 'port-taken'];

async function doctor(folder: string, ...command: readonly string[]) {
  const { code, out, err } = await startNode([bin, 'doctor', '--json', '--', ...command], {}, undefined, folder).ended;
  const report = JSON.parse(out) as Report;
  const findings = report.findings.filter(({ id }) => !ofMachine.includes(id));
  return { code, err, report, findings, ids: findings.map(({ id }) => id) };
}

const sdk = `
  const { trace, metrics, context } = require('@opentelemetry/api');
  const { NodeTracerProvider, BasicTracerProvider } = require('@opentelemetry/sdk-trace-node');
  const { MeterProvider } = require('@opentelemetry/sdk-metrics');
`;

describe('a program', () => {
  it('that does all of it right has no finding, as CommonJS and as an ES module', async () => {
    const folder = app({
      'app.js': `${sdk}
        new NodeTracerProvider().register();
        metrics.setGlobalMeterProvider(new MeterProvider({ views: [{ instrumentName: 'a', name: 'b' }, { instrumentName: 'a' }] }));
        metrics.getMeter('m').createCounter('a').add(1);
        trace.getTracer('t').startActiveSpan('s', (span) => span.end());
        console.log('done');`,
      'telemetry.mjs': `
        import { register } from 'node:module';
        register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
        const { registerInstrumentations } = await import('@opentelemetry/instrumentation');
        const { PinoInstrumentation } = await import('@opentelemetry/instrumentation-pino');
        const { NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node');
        new NodeTracerProvider().register();
        registerInstrumentations({ instrumentations: [new PinoInstrumentation()] });`,
      'app.mjs': `import pino from 'pino'; pino({ level: 'silent' }).info('x'); console.log('done');`,
    });

    const results = [
      await doctor(folder, process.execPath, 'app.js'),
      await doctor(folder, process.execPath, '--import', './telemetry.mjs', 'app.mjs'),
    ];

    for (const { findings, report, err } of results) {
      expect(findings).toEqual([]);
      expect(report.program?.code).toBe(0);
      expect(err).toContain('done');
    }
  });

  it('provider-second: names both places', async () => {
    const folder = app({
      'app.js': `${sdk}\nnew NodeTracerProvider().register();\nrequire('./other.js');`,
      'other.js': `${sdk}\nnew NodeTracerProvider().register();`,
    });

    const { findings, code } = await doctor(folder, process.execPath, 'app.js');

    expect(findings.map(({ id }) => id)).toEqual(['provider-second']);
    expect(findings[0]?.evidence[0]).toMatch(
      new RegExp(
        `a second tracer provider was refused at ${folder}/other\\.js:6; the first is from ${folder}/app\\.js:6\\.$`,
      ),
    );
    expect(code).toBe(99);
  });

  it('provider-late: counts spans and meters from before, and names where', async () => {
    const folder = app({
      'app.js': `${sdk}
        for (let i = 0; i < 3; i++) trace.getTracer('t').startSpan('lost').end();
        metrics.getMeter('lost').createCounter('c').add(1);
        new NodeTracerProvider().register();
        metrics.setGlobalMeterProvider(new MeterProvider());`,
    });

    const { findings } = await doctor(folder, process.execPath, 'app.js');

    expect(findings.map(({ id }) => id)).toEqual(['provider-late']);
    expect(findings[0]?.evidence).toEqual([
      expect.stringMatching(
        /3 spans were started before the tracer provider was registered at .*app\.js:8: 3 at .*app\.js:6\.$/,
      ),
      expect.stringMatching(
        /1 meter was taken before the meter provider was registered at .*app\.js:9: 1 at .*app\.js:7\.$/,
      ),
    ]);
  });

  it('context-manager-missing: names where the provider was registered', async () => {
    const folder = app({ 'app.js': `${sdk}\ntrace.setGlobalTracerProvider(new BasicTracerProvider());` });

    const { findings } = await doctor(folder, process.execPath, 'app.js');

    expect(findings.map(({ id }) => id)).toEqual(['context-manager-missing']);
    expect(findings[0]?.evidence[0]).toContain(`${folder}/app.js:6, and no context manager.`);
  });

  // observer/modules.cjs: between these versions, imports cannot be watched.
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const watchesImports = major < 22 || (major === 22 && minor < 15) || major > 24 || (major === 24 && minor >= 21);

  it.skipIf(!watchesImports)(
    'pino-esm: an ES module imports pino, and no loader hook lets the instrumentation see it',
    async () => {
      const folder = app({
        'app.mjs': `
        import './telemetry.cjs';
        import pino from 'pino';
        pino({ level: 'silent' }).info('x');`,
        'telemetry.cjs': `${sdk}
        new NodeTracerProvider().register();
        const { PinoInstrumentation } = require('@opentelemetry/instrumentation-pino');
        require('@opentelemetry/instrumentation').registerInstrumentations({ instrumentations: [new PinoInstrumentation()] });`,
      });

      const { findings } = await doctor(folder, process.execPath, 'app.mjs');

      expect(findings.map(({ id }) => id)).toEqual(['pino-esm']);
      expect(findings[0]?.evidence[0]).toContain(`${folder}/app.mjs imports pino`);
    },
  );

  it('view-collision: a view for all instruments and one for this make one metric, without a word of the SDK', async () => {
    const folder = app({
      'app.js': `${sdk}
        new NodeTracerProvider().register();
        metrics.setGlobalMeterProvider(new MeterProvider({ views: [{ instrumentName: '*' }, { instrumentName: 'orders' }] }));
        metrics.getMeter('m').createCounter('orders').add(1);`,
    });

    const { findings } = await doctor(folder, process.execPath, 'app.js');

    expect(findings).toEqual([
      {
        id: 'view-collision',
        evidence: ['Of the 2 views that match orders, the first alone makes the metric orders.'],
        fix: expect.any(String),
        ignored: false,
      },
    ]);
  });

  it('instrument-conflict: gives the warning of the SDK, also where the application has no logger for it', async () => {
    const folder = app({
      'app.js': `${sdk}
        new NodeTracerProvider().register();
        const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
        const readers = [new PrometheusExporter({ preventServerStart: true })];
        metrics.setGlobalMeterProvider(new MeterProvider({ readers }));
        metrics.getMeter('m').createCounter('orders', { unit: 's' });
        metrics.getMeter('m').createCounter('orders', { unit: 'By' });`,
    });

    const { findings } = await doctor(folder, process.execPath, 'app.js');

    expect(findings.map(({ id }) => id)).toEqual(['instrument-conflict']);
    expect(findings[0]?.evidence[0]).toMatch(/name orders has already been registered .*Unit 's' does not match 'By'/);
  });

  it('api-copies: two copies in one process, of which the second is refused', async () => {
    const folder = app({
      'package.json': JSON.stringify({ name: 'app', version: '1.0.0', dependencies: { ...dependencies, lib: '1' } }),
      'node_modules/lib/package.json': JSON.stringify({
        name: 'lib',
        version: '1.0.0',
        main: 'lib.js',
        dependencies: { '@opentelemetry/api': '1' },
      }),
      'node_modules/lib/lib.js': `
        const { metrics } = require('@opentelemetry/api');
        metrics.setGlobalMeterProvider({ getMeter: () => undefined });`,
      'app.js': `${sdk}\nnew NodeTracerProvider().register();\nrequire('lib');`,
    });
    const copy = join(folder, 'node_modules/lib/node_modules/@opentelemetry/api');
    cpSync(join(folder, 'node_modules/@opentelemetry/api'), copy, { recursive: true, dereference: true });
    for (const [file, from] of [
      ['package.json', '"version": "'],
      ['build/src/version.js', "VERSION = '"],
    ] as const) {
      const text = readFileSync(join(copy, file), 'utf8');
      expect(text).toContain(`${from}1.9.1`);
      writeFileSync(join(copy, file), text.replace(`${from}1.9.1`, `${from}1.9.0`));
    }

    const { findings } = await doctor(folder, process.execPath, 'app.js');

    expect(findings.map(({ id }) => id)).toEqual(['api-copies']);
    const evidence = findings[0]?.evidence.join('\n');
    expect(evidence).toContain(`${copy} is version 1.9.0, for lib 1.0.0.`);
    expect(evidence).toMatch(/process \d+ \(app\.js\) uses 2 copies: /);
    expect(evidence).toContain('The registration of metrics by another version was refused.');
  });

  it('cluster-port: workers share the port of their metrics pages', async () => {
    const folder = app({
      'app.js': `${sdk}
        const cluster = require('node:cluster');
        if (cluster.isPrimary) {
          let up = 0;
          cluster.on('listening', () => ++up === 2 && Object.values(cluster.workers).forEach((worker) => worker.kill()));
          for (let i = 0; i < 2; i++) cluster.fork();
        } else {
          const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
          new PrometheusExporter({ host: '127.0.0.1', port: Number(process.env.PORT) });
        }`,
    });
    const port = await freePort();

    const { findings } = await doctor(folder, 'env', `PORT=${port}`, process.execPath, 'app.js');

    expect(findings.map(({ id }) => id)).toEqual(['cluster-port']);
    expect(findings[0]?.evidence[0]).toMatch(
      new RegExp(`^2 workers of one cluster serve metrics on port ${port}: processes \\d+, \\d+\\.$`),
    );
  });

  it('port-taken: its metrics page did not get its port', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
    const folder = app({
      'app.js': `
        const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
        new PrometheusExporter({ host: '127.0.0.1', port: ${port} }, () => undefined);`,
    });

    const { report } = await doctor(folder, process.execPath, 'app.js').finally(() => server.close());

    const evidence = report.findings.find(({ id }) => id === 'port-taken')?.evidence ?? [];
    expect(evidence.join('\n')).toMatch(
      new RegExp(`The metrics page of process \\d+ could not listen on port ${port}, which was in use\\.`),
    );
  });
});

describe('a program that cannot be observed', () => {
  it('because it is not Node.js gives 97, and every kind is listed as not looked at', async () => {
    const { code, report } = await doctor(app({}), 'true');

    // 99 where the clock of this machine is not synchronised: a finding comes first.
    expect([97, 99]).toContain(code);
    expect(report.notLookedAt).toContainEqual({
      ids: expect.arrayContaining(['provider-second', 'pino-esm']),
      because: expect.stringContaining('no process of it loaded the observer'),
    });
  });

  it('because it is not there gives 2', async () => {
    const running = startNode([bin, 'doctor', '--', 'there-is-no-such-command'], {}, undefined, app({}));

    expect(await running.ended).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('no command "there-is-no-such-command"'),
    });
  });

  it('without an SDK has no finding, and the reason is given', async () => {
    const folder = app({ 'app.js': "require('@opentelemetry/api').trace.getTracer('x').startSpan('y').end();" });

    const { findings, report } = await doctor(folder, process.execPath, 'app.js');

    expect(findings).toEqual([]);
    expect(report.notLookedAt).toContainEqual({
      ids: expect.arrayContaining(['provider-late', 'context-manager-missing']),
      because: 'no SDK was registered in any process of the program',
    });
  });

  it('because it runs on ends by a signal, and is judged by what it did', async () => {
    const folder = app({
      'app.js': `${sdk}
        trace.setGlobalTracerProvider(new BasicTracerProvider());
        console.log('up');
        setInterval(() => {}, 1000);`,
    });
    const running = startNode([bin, 'doctor', '--', process.execPath, 'app.js'], {}, undefined, folder);
    await running.shown(/^up$/m);

    running.child.kill('SIGTERM');

    const { code, out } = await running.ended;
    expect(out).toContain('context-manager-missing\n');
    expect(out).toContain('The program ended with code 143 (SIGTERM).');
    expect(code).toBe(99);
  });

  it('because it runs on ends after --for', async () => {
    const running = startNode([bin, 'doctor', '--for', '200ms', '--', 'sleep', '300'], {}, undefined, app({}));

    expect((await running.ended).out).toContain('The program ended with code 143 (SIGTERM).');
  });
});

it('keeps what the user has in NODE_OPTIONS, and comes before it', async () => {
  const folder = app({ 'app.js': 'console.log(process.env.NODE_OPTIONS)' });

  const running = startNode(
    [bin, 'doctor', '--', process.execPath, 'app.js'],
    { NODE_OPTIONS: '--no-deprecation' },
    undefined,
    folder,
  );

  expect((await running.ended).out).toMatch(/^--require ".*observer\.cjs" --no-deprecation$/m);
});

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}
