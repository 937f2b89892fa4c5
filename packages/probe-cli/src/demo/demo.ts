import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseBudget } from '@benchlab-otel/analysis';
import { BenchlabError, type SampleConsumer } from '@benchlab-otel/core';
import { emulateBoard, emulatedGpu, hostLoadBench } from '@benchlab-otel/emulator';
import { benchlabReceiver } from '@benchlab-otel/hw-receivers';
import { startTelemetry, type Telemetry } from '@benchlab-otel/node';
import type { CommandHost } from '../host/commandHost.ts';
import { onMetricsPort } from '../host/metricsPort.ts';
import type { RunResult } from '../report/result.ts';
import { textReport } from '../report/textReport.ts';
import { measuredRun } from '../run/measuredRun.ts';
import { defaultRateHz, type Meter, newMeter } from '../run/meter.ts';
import { component, emitResult } from '../run/runEvents.ts';
import { DemoPage } from './demoPage.ts';
import { LiveView } from './liveView.ts';

export interface DemoOptions {
  /** Milliseconds; until it is interrupted when absent. */
  readonly for?: number;
  readonly metricsPort: number;
  /** Absent: the usual one, or a free one where that is in use. */
  readonly webPort?: number;
  readonly telemetryOut?: string;
}

/** How long the program takes orders when the demo lasts until Ctrl-C. */
const aDayMs = 24 * 60 * 60 * 1000;
const firstSampleMs = 5_000;
const budgets = ['p95(checkout) < 2 s', 'joules(checkout) < 1000 J'];
/** The compiled example: from `dist` as installed and from `src` in tests. */
const example = fileURLToPath(new URL('../../dist/demo/checkout.js', import.meta.url));

/** Everything that the bench offers, on one screen, on an emulated board. */
export async function runDemo(host: CommandHost, options: DemoOptions): Promise<number> {
  if (!existsSync(example)) throw notBuilt();
  const board = await emulateBoard({ bench: hostLoadBench() });
  const page = await DemoPage.open(host);
  let telemetry: Telemetry | undefined;
  try {
    const dashboard = await page.start(options.webPort);
    const meter = newMeter(defaultRateHz);
    telemetry = await startMetricsPage(board.path, options, [meter.history, meter.watch, page.samples]);
    await meter.watch.waitFor(0, firstSampleMs);
    host.terminal.out(
      [
        `board    an emulated ${board.contract.product} at ${board.path}: its power follows this host's CPU, and all of it is simulated`,
        'gpu      an emulated one, which takes what the board measures for it: simulated too',
        `page     ${dashboard}`,
        `metrics  ${telemetry.metricsUrl}`,
        'program  a small shop, its functions wrapped with spanned(), timed() and counted()',
        options.for === undefined
          ? 'Ctrl-C ends it and shows the report.'
          : `It ends by itself after ${options.for / 1000} s.`,
        '',
        '',
      ].join('\n'),
    );
    const result = await demoRun({ host, options, meter, telemetry, page });
    host.terminal.out(`\n${textReport({ ...result, command: ['demo'] })}`);
    // Ctrl-C is how a demo ends; only a program that broke is a failure.
    return result.child.signal === undefined ? result.child.code : 0;
  } finally {
    await telemetry?.shutdown();
    await page.stop();
    await board.close();
  }
}

interface DemoParts {
  readonly host: CommandHost;
  readonly options: DemoOptions;
  readonly meter: Meter;
  readonly telemetry: Telemetry;
  readonly page: DemoPage;
}

/** Runs the example as `run` would, with its newest spans shown while it runs. */
async function demoRun({ host, options, meter, telemetry, page }: DemoParts): Promise<RunResult> {
  const correlationId = randomUUID();
  telemetry.events.emit({
    event: 'launch',
    context: { correlation_id: correlationId },
    diagnostics: { program: 'demo' },
  });
  const view = new LiveView(host, meter, (spans) => page.add(spans));
  try {
    const result = await measuredRun({
      host: { ...host, childOutput: 'ignore' },
      command: [process.execPath, example, String(options.for ?? aDayMs)],
      allowSimulated: true,
      meter,
      budgets: budgets.map(parseBudget),
      onSpans: (spans) => view.add(spans),
      onMetricPoints: (points) => view.addPoints(points),
    });
    emitResult(telemetry.events, result, correlationId);
    return result;
  } finally {
    view.close();
  }
}

async function startMetricsPage(
  port: string,
  { metricsPort, telemetryOut }: DemoOptions,
  consumers: readonly SampleConsumer[],
): Promise<Telemetry> {
  return onMetricsPort('127.0.0.1', metricsPort, () =>
    startTelemetry({
      serviceName: component,
      env: {},
      otlp: false,
      metricsPage: { port: metricsPort },
      receivers: [benchlabReceiver({ ports: [port], rateHz: defaultRateHz }), emulatedGpu()],
      consumers,
      log: { level: 'silent' },
      ...(telemetryOut !== undefined && { telemetryOut }),
    }),
  );
}

function notBuilt(): BenchlabError {
  return new BenchlabError(
    'UNSUPPORTED',
    `The program of the demo is not at ${example}.`,
    'In a checkout of the repository, run npm run build. Otherwise install the package again.',
  );
}
