import { constantBench, type EmulatedBoard, emulateBoard } from '@benchlab-otel/emulator';
import { benchlabReceiver } from '@benchlab-otel/hw-receivers';
import { startTelemetry, type Telemetry } from '@benchlab-otel/node';
import { type Prometheus, startPrometheus } from './prometheus.ts';
import { type Collector, startCollector } from './servers.ts';

/** What the emulated board has on EPS1, watts. */
export const eps1Watts = 50;

/** A service with an emulated board, whose metrics take every path to one Prometheus. */
export interface Bench {
  readonly board: EmulatedBoard;
  readonly telemetry: Telemetry;
  readonly prometheus: Prometheus;
  readonly collector: Collector;
  readonly service: string;
  stop(): Promise<void>;
}

export async function startBench(): Promise<Bench> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const prometheus = await startPrometheus();
    stops.push(prometheus.stop);
    const collector = await startCollector({ metricsEndpoint: prometheus.otlpEndpoint });
    stops.push(collector.stop);
    const board = await emulateBoard({
      product: 'bl2',
      bench: constantBench({ rails: { EPS1: { volts: 12, amps: eps1Watts / 12, watts: eps1Watts } } }),
      connectorFaults: ['FAULT_OCP_HPWR1'],
    });
    stops.push(() => board.close());
    const service = 'bench-service';
    const telemetry = await startTelemetry({
      serviceName: service,
      otlp: { endpoint: collector.otlpGrpc },
      metricsPage: { port: 0 },
      metricExportIntervalMs: 1000,
      receivers: [benchlabReceiver({ ports: [board.path] })],
      log: { level: 'silent' },
      env: {},
    });
    stops.push(() => telemetry.shutdown());
    if (!telemetry.metricsUrl) throw new Error('There is no metrics page.');
    await prometheus.scrape({
      services: new URL(telemetry.metricsUrl).host,
      'collector-exporter': collector.scrapeTarget,
      collector: collector.telemetryTarget,
    });
    return { board, telemetry, prometheus, collector, service, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
