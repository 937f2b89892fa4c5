import { BenchlabError, type Receiver } from '@benchlab-otel/core';
import { emulateBoard, hostLoadBench } from '@benchlab-otel/emulator';
import { meterDisagreement } from '@benchlab-otel/enrichers';
import { startTelemetry, type TelemetryOptions } from '@benchlab-otel/node';
import { SampleBus } from '@benchlab-otel/wire';
import type { CommandHost } from '../host/commandHost.ts';
import { untilSignalOr } from '../host/ending.ts';
import { checkPageAccess, onMetricsPort } from '../host/metricsPort.ts';
import { component } from '../run/runEvents.ts';
import { AgentLog } from './agentLog.ts';
import { type AgentReceiverOptions, agentReceivers } from './agentReceivers.ts';
import { EarlyLines } from './earlyLines.ts';
import { checkEndpoint } from './endpoint.ts';

export interface AgentOptions extends AgentReceiverOptions {
  readonly simulate?: boolean;
  readonly listen: string;
  readonly metricsPort: number;
  /** Default: where readers look for it. */
  readonly socket?: string;
  /** Where OTLP goes. Default: where the environment names a collector, else nowhere. */
  readonly otlp?: string;
  /** Where runtime events go. */
  readonly telemetryOut?: string;
}

/**
 * Owns the devices of this host and serves their samples, as metrics and on the sample bus, until a signal ends it. Its
 * log goes to standard output, JSON lines.
 */
export async function runAgent(host: CommandHost, options: AgentOptions): Promise<number> {
  // Wrong options throw before anything is started.
  agentReceivers(options);
  checkReceivers(options);
  checkPageAccess(options.listen, host.environment);
  if (options.otlp !== undefined) checkEndpoint('otlp', options.otlp);
  const bus = new SampleBus(options.socket === undefined ? {} : { path: options.socket });
  const ending = untilSignalOr(undefined, host);
  const board = options.simulate ? await emulateBoard({ bench: hostLoadBench() }) : undefined;
  try {
    await bus.start();
    await serve(
      host,
      options,
      agentReceivers(board === undefined ? options : { ...options, port: [board.path] }),
      bus,
      ending.ended,
    );
    return 0;
  } finally {
    ending.end();
    await bus.stop();
    await board?.close();
  }
}

async function serve(
  { terminal, clock, environment, signals }: CommandHost,
  options: AgentOptions,
  receivers: readonly Receiver[],
  bus: SampleBus,
  ended: Promise<void>,
): Promise<void> {
  const early = new EarlyLines();
  const telemetry = await onMetricsPort(options.listen, options.metricsPort, () =>
    startTelemetry({
      serviceName: 'benchlab-agent',
      ...otlpOf(options, environment),
      log: { destination: { write: (line) => terminal.out(line) } },
      metricsPage: { host: options.listen, port: options.metricsPort },
      ...(options.telemetryOut !== undefined && { telemetryOut: options.telemetryOut }),
      receivers,
      consumers: [bus, meterDisagreement(), new AgentLog(early, () => clock.nowNs())],
    }),
  );
  try {
    const { logger, metricsUrl, events } = telemetry;
    const names = receivers.map(({ name }) => name);
    events.emit({ event: 'launch', component, diagnostics: { command: 'agent', receivers: names.join(', ') } });
    logger.info({ receivers: names, metrics: metricsUrl, socket: bus.path }, 'The agent runs.');
    early.passTo(logger);
    const stopListening = signals.onReload(() => {
      logger.info('The agent looks again at devices that it has left alone.');
      for (const receiver of receivers) receiver.reload?.();
    });
    await ended;
    stopListening();
    logger.info('The agent ends.');
    events.emit({ event: 'completion', component, diagnostics: { command: 'agent', exit_code: 0 } });
  } finally {
    await telemetry.shutdown();
  }
}

function checkReceivers(options: AgentOptions): void {
  const { benchlab, simulate, port } = options;
  if (!benchlab && (simulate || port.length > 0)) {
    throw new BenchlabError('BAD_OPTION', '--no-benchlab leaves no use for a board.', 'Leave one of the two out.');
  }
  if (agentReceivers(options).length > 0) return;
  throw new BenchlabError('BAD_OPTION', 'Every receiver is turned off.', 'Leave one of the --no-… options out.');
}

/** OTLP goes where an option or the environment names a collector: many hosts have none. The agent makes no spans. */
function otlpOf({ otlp }: AgentOptions, env: NodeJS.ProcessEnv): Pick<TelemetryOptions, 'otlp' | 'env'> {
  const named = ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'TELEMETRY_EXPORTER_ENDPOINT'];
  const isNamed = named.some((name) => env[name]?.trim());
  return {
    otlp: otlp === undefined ? isNamed && {} : { endpoint: otlp },
    // The troubles of receivers are in the log already, once each, through their poll reports.
    env: {
      ...env,
      OTEL_SDK_DISABLED: undefined,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_LOG_LEVEL: env.OTEL_LOG_LEVEL ?? 'error',
    },
  };
}
