import type { Observed } from '@benchlab-otel/analysis';
import { lossOf } from '@benchlab-otel/analysis';
import { systemClock } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { script } from '../host/programs.suite.ts';
import { measuredRun } from '../run/measuredRun.ts';

async function observed(command: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  let last: Observed = { series: [], spans: [], logs: [] };
  const result = await measuredRun({
    command,
    host: {
      environment: { PATH: process.env.PATH, NODE_OPTIONS: process.env.NODE_OPTIONS, ...environment },
      clock: systemClock,
      signals: { listen: () => () => undefined, onReload: () => () => undefined },
      input: { isTerminal: false, stream: () => process.stdin, stats: () => undefined },
      childOutput: 'ignore',
    },
    wanted: {
      satisfied: () => false,
      ended(all) {
        last = all;
      },
    },
  });
  const values = Object.fromEntries(last.series.map(({ name, points }) => [name, points]));
  return { result, values, ...last };
}

const modules = (code: string): readonly string[] => [process.execPath, '--input-type=module', '--eval', code];

it('sees spans, metrics, the page and log events of a program, with what it was given', async () => {
  const { result, values, spans, logs } = await observed(
    modules(`
      import { startTelemetry } from '@benchlab-otel/node';
      import { withSpan } from '@benchlab-otel/sdk';
      import { metrics } from '@opentelemetry/api';
      const telemetry = await startTelemetry({ serviceName: 'shop' });
      withSpan('checkout', () => {
        metrics.getMeter('shop').createCounter('orders').add(3);
        telemetry.logger.info({ event: 'checkout.end' }, 'paid');
      });
      if (telemetry.metricsUrl !== 'http://127.0.0.1:' + process.env.PROMETHEUS_PORT + '/metrics') process.exit(3);
      await telemetry.shutdown();
    `),
  );
  expect(result).toMatchObject({ child: { code: 0 }, troubles: [] });
  expect(values.orders_total).toMatchObject([{ labels: { environment: 'test' }, value: 3, delta: 3 }]);
  expect(spans).toMatchObject([{ name: 'checkout', resource: { 'deployment.environment.name': 'test' } }]);
  // The span of the run is not one that the program made.
  expect(spans[0]?.parentSpanId).toBeUndefined();
  expect(logs).toMatchObject([{ attributes: { event: 'checkout.end' }, traceId: spans[0]?.traceId }]);
});

it('sees the page of a program that sends no OTLP, as it was before the end', async () => {
  const { result, values } = await observed(
    script(`
      let jobs = 0, asked = 0;
      const server = require('node:http').createServer((request, response) => {
        jobs += 2;
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.end('# TYPE jobs_total counter\\njobs_total ' + jobs + '\\n');
        if (++asked === 2) response.once('close', () => setTimeout(() => process.exit(), 100));
      });
      server.listen(process.env.PROMETHEUS_PORT, '127.0.0.1');`),
  );
  expect(result).toMatchObject({ child: { code: 0 }, notes: [] });
  expect(values.jobs_total).toEqual([{ labels: {}, value: 4, first: 2, delta: 4, exemplars: 0 }]);
});

it('notes a page that was not there, that was wrong, and one whose port is not known', async () => {
  const absent = await observed(script(''));
  expect(absent.result.notes).toEqual([
    'there was no metrics page at the port of the program (PROMETHEUS_PORT): nothing listened there',
  ]);
  const wrong = await observed(
    script(`
      require('node:http').createServer((request, response) => {
        response.end('jobs\\n');
        response.once('close', () => setTimeout(() => process.exit(), 100));
      }).listen(process.env.PROMETHEUS_PORT, '127.0.0.1');`),
  );
  expect(wrong.result.notes).toEqual([expect.stringContaining('malformed: line 1: it has no value.')]);
  expect(wrong.series).toEqual([]);
  const unknown = await observed(script(''), { PROMETHEUS_PORT: '0' });
  expect(unknown.result.notes).toEqual([
    expect.stringMatching(/^the metrics page of the program is not read, because/),
  ]);
});

it('starts a program of several processes, of which the first has the page', async () => {
  const { result, values } = await observed(
    modules(`
      import { spawn } from 'node:child_process';
      import { startTelemetry } from '@benchlab-otel/node';
      import { metrics } from '@opentelemetry/api';
      const telemetry = await startTelemetry({ serviceName: 'shop', log: { level: 'silent' } });
      metrics.getMeter('shop').createCounter('orders').add(3);
      if (process.argv.includes('second')) process.exitCode = telemetry.metricsUrl === undefined ? 0 : 4;
      else {
        const code = \`\${process.env.CODE}\`;
        const second = spawn(process.execPath, ['--input-type=module', '--eval', code, 'second'], { stdio: 'inherit' });
        process.exitCode = await new Promise((resolve) => second.on('exit', resolve));
      }
      await telemetry.shutdown();
    `).map((part, k, all) => (k === all.length - 1 ? `process.env.CODE = ${JSON.stringify(part)};\n${part}` : part)),
  );
  expect(result).toMatchObject({ child: { code: 0 }, troubles: [] });
  expect(values.orders_total).toMatchObject([{ value: 6, delta: 6 }]);
});

it('sees what a program lost by its own account', async () => {
  const program = await observed(
    modules(`
      import { startTelemetry } from '@benchlab-otel/node';
      import { trace } from '@opentelemetry/api';
      const telemetry = await startTelemetry({ serviceName: 'shop' });
      for (let k = 0; k < 100; k++) trace.getTracer('shop').startSpan('checkout').end();
      await telemetry.shutdown();
    `),
    { OTEL_BSP_MAX_QUEUE_SIZE: '15', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '15' },
  );
  expect(program.spans).toHaveLength(15);
  expect(lossOf(program)).toEqual([{ signal: 'spans', dropped: 85, sent: 15, reason: 'queue_full' }]);
});
