// What a run reports of spans that its program lost, with real programs.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '@benchlab-otel/core';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { script } from '../host/programs.suite.ts';
import { startProbe } from '../host/testHost.suite.ts';
// Loaded here, so that its loading does not count into the first test.
import '../run/budgetedRun.ts';

// Each test starts a program with telemetry of its own, seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'benchlab-loss-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that ends SPANS spans `checkout` at once, with a queue for a hundred of them. */
function overflowing(spans: number): readonly string[] {
  return [
    process.execPath,
    '--input-type=module',
    '--eval',
    `process.env.OTEL_BSP_MAX_QUEUE_SIZE = '100';
     process.env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE = '100';
     const { startTelemetry } = await import('@benchlab-otel/node');
     const { withSpan } = await import('@benchlab-otel/sdk');
     const telemetry = await startTelemetry({ serviceName: 'checkout', metricsPage: false });
     for (let call = 0; call < ${spans}; call++) withSpan('checkout', () => undefined);
     await telemetry.shutdown();`,
  ];
}

/** A program with the SDK of OpenTelemetry, which reads OTEL_TRACES_SAMPLER: SPANS spans `checkout`. */
function sampling(spans: number): readonly string[] {
  return [
    process.execPath,
    '--input-type=module',
    '--eval',
    `import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
     import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
     const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
     const tracer = provider.getTracer('example');
     for (let call = 0; call < ${spans}; call++) tracer.startSpan('checkout').end();
     await provider.shutdown();`,
  ];
}

/** A program that sends a span `checkout`, ends UNSENT more of them and then its process, without a shutdown. */
function exiting(unsent: number): readonly string[] {
  return [
    process.execPath,
    '--input-type=module',
    '--eval',
    `import { startTelemetry } from '@benchlab-otel/node';
     import { withSpan } from '@benchlab-otel/sdk';
     const telemetry = await startTelemetry({ serviceName: 'checkout', metricsPage: false });
     withSpan('checkout', () => undefined);
     await telemetry.flush();
     for (let call = 0; call < ${unsent}; call++) withSpan('checkout', () => undefined);
     process.exit(0);`,
  ];
}

/** `environment` replaces what the tests were started with, which may have variables of OpenTelemetry. */
function ran(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const { PATH, HOME } = process.env;
  return startProbe(args, { environment: { PATH, HOME, ...environment } }).ended;
}

describe('a program that loses most of its spans', () => {
  it('does not pass: 98, with the number that its own metrics state', async () => {
    const file = join(folder, 'loss.json');
    const budgets = ['--budget', 'p95(checkout) < 5 s', '--budget', 'count(checkout) < 2000'];

    const { code, out } = await ran([
      'run',
      ...budgets,
      '--budget',
      'count(checkout) >= 100',
      '--json',
      file,
      '--',
      ...overflowing(1000),
    ]);

    expect(out).toMatch(
      /^INCONCLUSIVE +p95\(checkout\) < 5 s .*the program lost 900 spans: 900 with error\.type queue_full$/m,
    );
    expect(out).toMatch(/^trouble +the program lost 900 spans/m);
    // The lost spans could not change these.
    expect(out).toMatch(/^PASS +count\(checkout\) < 2000/m);
    expect(out).toMatch(/^PASS +count\(checkout\) >= 100/m);
    expect(code).toBe(98);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      received: { spans: 100 },
      loss: { lostSpans: 900, isComplete: true, causes: ['900 with error.type queue_full'], sampling: null },
    });
  });

  it('is trouble, 97, also without a budget', async () => {
    const { code, out } = await ran(['run', '--', ...overflowing(300)]);

    expect(out).toMatch(/^trouble +the program lost 200 spans/m);
    expect(code).toBe(97);
  });
});

describe('expectations of a program that loses spans', () => {
  it('are undecided, 98, where its own count of them could change the answer, in the saved file too', async () => {
    const expectations = join(folder, 'lossy.yaml');
    const [grows, exact] = ["count: '>= 100'", 'count: 1000'].map((count) => `spans: [{ name: checkout, ${count} }]`);
    writeFileSync(expectations, `version: 1\n${grows}\n`);
    const save = join(folder, 'lossy.json');

    const saved = await ran(['run', '--expect', expectations, '--save', save, '--', ...overflowing(1000)]);
    writeFileSync(expectations, `version: 1\n${exact}\nbudgets: [count(checkout) < 5000]\n`);
    const { code, out } = await ran(['run', '--expect', expectations, '--', ...overflowing(1000)]);
    const checked = await ran(['check', save, '--expect', expectations]);

    // More spans could not undo that there are 100: the loss alone is trouble.
    expect(saved.out).toMatch(/^PASS +span checkout/m);
    expect(saved.code).toBe(97);
    const lost = 'lost: 900 spans of the program (900 with error.type queue_full)';
    expect(out).toContain(`the count must be == 1000; ${lost}, which could change this`);
    expect(out).toMatch(/^PASS +count\(checkout\) < 5000/m);
    expect(code).toBe(98);
    expect(checked.out).toContain(`the count must be == 1000; ${lost}, which could change this`);
    // The number of lost spans is not in the file.
    expect(checked.out).toMatch(/^INCONCLUSIVE +count\(checkout\) < 5000/m);
    expect(checked.code).toBe(98);
  });
});

describe('a program that calls process.exit() before its spans are sent', () => {
  it('does not pass: 98, with the spans of all its processes', async () => {
    const file = join(folder, 'unsent.json');
    // Two processes, one after the other.
    const twice = ['sh', '-c', '"$@"; exec "$@"', 'sh', ...exiting(2)];
    const budgets = ['count(checkout) < 5', 'count(checkout) < 7'].flatMap((text) => ['--budget', text]);

    const { code, out } = await ran(['run', ...budgets, '--json', file, '--', ...twice]);

    const text = '4 spans were not acknowledged when the program ended at once, as by process.exit()';
    expect(out).toMatch(new RegExp(`^trouble +${text.replaceAll(/[()]/g, '\\$&')}`, 'm'));
    expect(out).toMatch(/^INCONCLUSIVE +count\(checkout\) < 5/m);
    expect(out).toMatch(/^PASS +count\(checkout\) < 7/m);
    expect(code).toBe(98);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      received: { spans: 2 },
      loss: { lostSpans: 0, unsentSpans: 4 },
    });
  });

  it('leaves an expectation open that its spans could meet', async () => {
    const expectations = join(folder, 'probe.yaml');
    writeFileSync(expectations, 'version: 1\nspans:\n  - name: checkout\n    count: 3\n');

    const { code, out } = await ran(['run', '--expect', expectations, '--', ...exiting(2)]);

    expect(out).toMatch(/^INCONCLUSIVE .*checkout/m);
    expect(out).toContain('lost: up to 2 spans at process.exit()');
    expect(code).toBe(98);
  });
});

describe('a program whose sampler leaves traces out', () => {
  const budget = ['--budget', 'count(checkout) < 1000000'];

  it('does not pass: 98, and the report states that counts are of a part', async () => {
    const sampler = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' };

    const { code, out } = await ran(['run', ...budget, '--', ...sampling(60)], sampler);

    expect(out).toMatch(
      /^note +counts are of a part: OTEL_TRACES_SAMPLER is traceidratio, which keeps 50 % of the traces$/m,
    );
    expect(out).toMatch(/^note +environment: kept: OTEL_TRACES_SAMPLER=traceidratio, OTEL_TRACES_SAMPLER_ARG=0\.5$/m);
    expect(out).toMatch(/^INCONCLUSIVE +count\(checkout\) < 1000000 .*counts are of a part/m);
    expect(code).toBe(98);
  });

  it('leaves expectations open that are about each span', async () => {
    const expectations = join(folder, 'sampled.yaml');
    writeFileSync(expectations, 'version: 1\nspans: [{ name: checkout, kind: internal }]\n');

    const { code, out } = await ran(['run', '--expect', expectations, '--', ...sampling(3)], {
      OTEL_TRACES_SAMPLER: 'jaeger_remote',
    });

    expect(out).toContain('counts are of a part: OTEL_TRACES_SAMPLER is jaeger_remote, which may leave traces out');
    expect(out).toMatch(/^INCONCLUSIVE +span checkout/m);
    expect(code).toBe(98);
  });

  it('that keeps nothing is named as the reason why no span arrived', async () => {
    const { code, out } = await ran(['run', ...budget, '--', ...sampling(10)], {
      OTEL_TRACES_SAMPLER: 'always_off',
    });

    expect(out).toMatch(
      /^No span arrived\.\n\nCheck:\n- OTEL_TRACES_SAMPLER is always_off, which keeps no trace: set it/m,
    );
    expect(code).toBe(98);
  });
});

describe('a program without a span', () => {
  it('has a checklist, and keeps its own exit code where nothing was asked for', async () => {
    const { code, out } = await ran(['run', '--', ...script('')]);

    expect(out).toMatch(
      /^No span arrived\.\n\nCheck:\n- it starts no OpenTelemetry SDK: call startTelemetry\(\) first/m,
    );
    expect(code).toBe(0);
    expect((await ran(['run', '--', ...script('process.exit(7)')])).code).toBe(7);
  });

  it('is undecided, 98, with --expect-spans', async () => {
    const { code, out } = await ran(['run', '--expect-spans', '--', ...script('')]);

    expect(out).toMatch(/^INCONCLUSIVE +any span +0 spans\n +no span arrived$/m);
    expect(code).toBe(98);
    expect((await ran(['run', '--expect-spans', '--', ...overflowing(5)])).code).toBe(0);
  });

  it('that went to the background is named with its process, and is left alone', async () => {
    const daemon = script(
      `const { spawn } = require('child_process');
       const child = spawn('sleep', ['30'], { detached: true, stdio: 'ignore' });
       child.unref();
       console.log('daemon ' + child.pid);`,
    );

    const { code, out } = await ran(['run', '--', ...daemon]);

    const [, pid = ''] = /^daemon (\d+)$/m.exec(out) ?? [];
    try {
      expect(out).toContain(
        `note      the command went on in the background (sleep, process ${pid}): what it does from now on`,
      );
      expect(out).toContain(`- it went to the background (sleep, process ${pid}): start it in the foreground`);
      expect(code).toBe(0);
    } finally {
      process.kill(Number(pid), 'SIGKILL'); // It throws where the run has ended it.
    }
  });

  it('is not said to have left processes that ended by themselves', async () => {
    // The quiet time after its exit lasts ten times as long: a busy host has time to end the process.
    const slow: Clock = {
      anchor: () => ({ ...systemClock.anchor(), timeNs: systemClock.nowNs() / 10 }),
      nowNs: () => systemClock.nowNs() / 10,
      at: (timeNs, task, how) => systemClock.at(timeNs * 10, task, how),
    };
    const { PATH } = process.env;

    const { out } = await startProbe(['run', '--', 'sh', '-c', 'sleep 0.02 & exit 0'], {
      environment: { PATH },
      clock: slow,
    }).ended;

    expect(out).not.toContain('left processes running');
    expect(out).not.toContain('background');
  });
});
