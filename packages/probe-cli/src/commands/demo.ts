import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ReceivedSpan } from '@benchlab-otel/analysis';
import { parseBudget } from '@benchlab-otel/analysis';
import { BenchlabError, type SampleConsumer, systemClock } from '@benchlab-otel/core';
import { emulateBoard, hostLoadBench } from '@benchlab-otel/emulator';
import { benchlabReceiver } from '@benchlab-otel/hw-receivers';
import { startTelemetry, type Telemetry } from '@benchlab-otel/node';
import { operationLines, textReport } from '../report/textReport.ts';
import { LiveEnergy } from '../run/liveEnergy.ts';
import { measuredRun, summarise } from '../run/measuredRun.ts';
import { DEFAULT_RATE_HZ, newMeter } from '../run/meter.ts';
import { operationEnergyRecorder } from '../run/operationEnergyMetric.ts';
import { COMPONENT, emitResult } from '../run/runEvents.ts';
import { onMetricsPort } from './metricsPort.ts';
import { Screen } from './screen.ts';
import type { Terminal } from './terminal.ts';

export interface DemoOptions {
  /** Milliseconds; until it is interrupted when absent. */
  readonly for?: number;
  readonly metricsPort: number;
  readonly telemetryOut?: string;
}

/** Spans that the table shows while the demo runs; the report at its end has all. */
const LIVE_SPANS = 300;
/** How long the program takes orders when the demo is to last until Ctrl-C. */
const A_DAY_MS = 24 * 60 * 60 * 1000;
const TICK_MS = 500;
const FIRST_SAMPLE_MS = 5_000;

/** `benchlab-probe demo`: everything there is, on one screen, without a board. */
export async function demo(options: DemoOptions, terminal: Terminal): Promise<number> {
  const example = exampleMain();
  const board = await emulateBoard({ bench: hostLoadBench() });
  let telemetry: Telemetry | undefined;
  try {
    const meter = newMeter(DEFAULT_RATE_HZ);
    telemetry = await startMetricsPage(board.path, options, [meter.history, meter.watch]);
    await meter.watch.waitFor(0, FIRST_SAMPLE_MS);
    terminal.out(
      [
        `board    an emulated ${board.contract.product} at ${board.path}: its power follows this host's CPU, and all of it is simulated`,
        `metrics  ${telemetry.metricsUrl}`,
        'program  examples/checkout, decorated with @Span, @Timed and @Counted',
        options.for === undefined
          ? 'Ctrl-C ends it and shows the report.'
          : `It ends by itself after ${options.for / 1000} s.`,
        '',
        '',
      ].join('\n'),
    );

    const correlationId = randomUUID();
    telemetry.events.emit({
      event: 'launch',
      context: { correlation_id: correlationId },
      diagnostics: { program: 'examples/checkout' },
    });
    const live = new LiveEnergy(meter);
    const record = operationEnergyRecorder();
    const screen = new Screen(terminal, { redrawEveryMs: TICK_MS, plainEveryMs: 5_000 });
    let latest: readonly ReceivedSpan[] = [];
    const tick = setInterval(() => {
      for (const { span, energy } of live.settled(systemClock.nowNs())) record(span.name, energy);
      screen.show(() => liveLines(latest, meter));
    }, TICK_MS);
    try {
      const result = await measuredRun({
        command: [process.execPath, example, '--for', `${options.for ?? A_DAY_MS}ms`],
        environment: process.env,
        allowSimulated: true,
        output: 'ignore',
        meter,
        budgets: ['p95(checkout) < 2 s', 'joules(checkout) < 1000 J'].map(parseBudget),
        onSpans(spans) {
          live.add(spans);
          latest = [...latest, ...spans].slice(-LIVE_SPANS);
        },
      });
      emitResult(telemetry.events, result, correlationId);
      terminal.out(`\n${textReport({ ...result, command: ['node', 'examples/checkout'] })}`);
      // Ctrl-C is how a demo ends; only a program that broke is a failure.
      return result.child.signal === undefined ? result.child.code : 0;
    } finally {
      clearInterval(tick);
    }
  } finally {
    await telemetry?.shutdown();
    await board.close();
  }
}

function liveLines(spans: readonly ReceivedSpan[], meter: ReturnType<typeof newMeter>): readonly string[] {
  if (spans.length === 0) return ['waiting for the first spans …'];
  // The newest spans have no samples after them yet.
  return [`latest ${spans.length} spans (simulated energy):`, ...operationLines(summarise(spans, meter)), ''];
}

async function startMetricsPage(
  port: string,
  { metricsPort, telemetryOut }: DemoOptions,
  consumers: readonly SampleConsumer[],
): Promise<Telemetry> {
  return onMetricsPort('127.0.0.1', metricsPort, () =>
    startTelemetry({
      serviceName: COMPONENT,
      env: {},
      otlp: false,
      metricsPage: { port: metricsPort },
      receivers: [benchlabReceiver({ ports: [port], rateHz: DEFAULT_RATE_HZ })],
      consumers,
      log: { level: 'silent' },
      ...(telemetryOut !== undefined && { telemetryOut }),
    }),
  );
}

function exampleMain(): string {
  const main = fileURLToPath(new URL('../../../../examples/checkout/dist/main.js', import.meta.url));
  if (existsSync(main)) return main;
  throw new BenchlabError(
    'UNSUPPORTED',
    `The demo runs examples/checkout, and it is not at ${main}.`,
    'Run the demo from a checkout of the repository, after npm run build.',
  );
}
