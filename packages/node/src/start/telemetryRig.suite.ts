import type { Receiver, Sample, SampleConsumer } from '@benchlab-otel/core';
import { trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Telemetry, TelemetryOptions } from '../config/telemetryOptions.ts';
import { type OtlpSink, otlpSink } from '../export/otlpSink.suite.ts';
import { startTelemetry } from '../startTelemetry.ts';

const hourMs = 3_600_000;

/** Port 1 of the loopback: nothing listens there, and a connection is refused at once. */
export const deadEndpoint = 'http://127.0.0.1:1';

const source = { id: 'meter', name: 'Meter', simulated: true, attributes: {} };
export const sample: Sample = { source, timeNs: 1, uncertaintyNs: 0, readings: [] };

/** Makes and ends a span. */
export const span = (name: string): void => trace.getTracer('test').startSpan(name).end();

export const page = async (telemetry: Telemetry): Promise<string> => (await fetch(telemetry.metricsUrl ?? '')).text();

/** A receiver that sends one sample when it starts. */
export function receiver(
  faults: { start?: Error; stop?: 'hangs' | 'throws' } = {},
): Receiver & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    name: 'test',
    calls,
    async start(consumer: SampleConsumer) {
      calls.push('start');
      if (faults.start) throw faults.start;
      consumer.polled?.({ receiver: 'test', outcome: 'success', durationNs: 1, missed: 0 });
      consumer.sample(sample);
    },
    stop() {
      calls.push('stop');
      if (faults.stop === 'throws') throw new Error('stuck');
      return faults.stop === 'hangs' ? new Promise(() => {}) : Promise.resolve();
    },
  };
}

/** Telemetries and collectors that end after each test of the file that asks for them. */
export interface TelemetryRig {
  /** Starts on free ports, without the environment of this process. */
  start(options?: TelemetryOptions): Promise<Telemetry>;
  /** A collector: at a free port unless given. */
  collector(at?: number | string): Promise<OtlpSink>;
  /** Log lines of the test. */
  readonly lines: string[];
  warnings(): Record<string, unknown>[];
  /** Nothing that a start registers or opens is left, so that another start succeeds. */
  expectNothingRuns(): Promise<void>;
}

export function telemetryRig(): TelemetryRig {
  const lines: string[] = [];
  const started: Telemetry[] = [];
  const sinks: OtlpSink[] = [];
  beforeEach(() => {
    lines.length = 0;
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((telemetry) => telemetry.shutdown()));
    await Promise.all(sinks.splice(0).map((sink) => sink.close()));
  });
  async function start(options: TelemetryOptions = {}): Promise<Telemetry> {
    const telemetry = await startTelemetry({
      env: {},
      otlp: false,
      metricsPage: { port: 0 },
      metricExportIntervalMs: hourMs,
      log: { destination: { write: (line) => void lines.push(line) } },
      ...options,
    });
    started.push(telemetry);
    return telemetry;
  }
  return {
    start,
    lines,
    async collector(at) {
      const sink = await otlpSink(at);
      sinks.push(sink);
      return sink;
    },
    warnings: () =>
      lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line.level === 'warn'),
    async expectNothingRuns() {
      expect(trace.getTracer('test').startSpan('not recorded').isRecording()).toBe(false);
      await (await start()).shutdown();
    },
  };
}
