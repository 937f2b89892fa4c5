import { BenchlabError, type Receiver, systemClock } from '@benchlab-otel/core';
import { emulateBoard, hostLoadBench } from '@benchlab-otel/emulator';
import { meterDisagreement } from '@benchlab-otel/enrichers';
import { benchlabReceiver, hostReceiver, nvmlReceiver } from '@benchlab-otel/hw-receivers';
import { startTelemetry, type TelemetryOptions } from '@benchlab-otel/node';
import { SampleBus } from '@benchlab-otel/wire';
import { AgentLog, type AgentLogger } from '../agent/agentLog.ts';
import { onMetricsPort } from './metricsPort.ts';
import { untilSignalOr } from './until.ts';

export interface AgentOptions {
  readonly port: readonly string[];
  readonly simulate?: boolean;
  readonly assumeFirmware?: number;
  /** Polls of each board a second. */
  readonly rate: number;
  readonly benchlab: boolean;
  readonly host: boolean;
  readonly nvml: boolean;
  readonly listen: string;
  readonly metricsPort: number;
  /** Default: where readers look for it. */
  readonly socket?: string;
  /** Where OTLP goes; else what the environment names, else nowhere. */
  readonly otlp?: string;
}

/**
 * `benchlab-probe agent`: owns the devices of this host and serves what they say, as metrics and on the sample bus, until
 * it is told to end. It writes its log to standard output, JSON lines.
 */
export async function agent(options: AgentOptions, env: NodeJS.ProcessEnv = process.env): Promise<number> {
  checkReceivers(options);
  const bus = new SampleBus(options.socket === undefined ? {} : { path: options.socket });
  const ending = untilSignalOr(undefined);
  const board = options.simulate ? await emulateBoard({ bench: hostLoadBench() }) : undefined;
  try {
    await bus.start();
    const receivers = receiversOf(board === undefined ? options : { ...options, port: [board.path] });
    const early = new EarlyLines();
    const telemetry = await onMetricsPort(options.listen, options.metricsPort, () =>
      startTelemetry({
        serviceName: 'benchlab-agent',
        ...otlpOf(options, env),
        metricsPage: { host: options.listen, port: options.metricsPort },
        receivers,
        consumers: [bus, meterDisagreement(), new AgentLog(early, () => systemClock.nowNs())],
      }),
    );
    try {
      const { logger, metricsUrl } = telemetry;
      const names = receivers.map(({ name }) => name);
      logger.info({ receivers: names, metrics: metricsUrl, socket: bus.path }, 'The agent runs.');
      early.to(logger);
      await ending.ended;
      logger.info('The agent ends.');
    } finally {
      await telemetry.shutdown();
    }
    return 0;
  } finally {
    ending.end();
    await bus.stop();
    await board?.close();
  }
}

function checkReceivers({ benchlab, host, nvml, simulate, port }: AgentOptions): void {
  if (!benchlab && (simulate || port.length > 0)) {
    throw new BenchlabError('BAD_OPTION', '--no-benchlab leaves no use for a board.', 'Leave one of the two out.');
  }
  if (benchlab || host || nvml) return;
  throw new BenchlabError('BAD_OPTION', 'Every receiver is turned off.', 'Leave one of the --no-… options out.');
}

function receiversOf({ benchlab, host, nvml, port, rate, assumeFirmware }: AgentOptions): readonly Receiver[] {
  const board = {
    rateHz: rate,
    ...(port.length > 0 ? { ports: port } : {}),
    ...(assumeFirmware === undefined ? {} : { assumeFirmware }),
  };
  return [
    ...(benchlab ? [benchlabReceiver(board)] : []),
    ...(host ? [hostReceiver()] : []),
    ...(nvml ? [nvmlReceiver()] : []),
  ];
}

/** An agent sends OTLP where it was told to, and nowhere by default: many hosts have no collector. It makes no spans. */
function otlpOf({ otlp }: AgentOptions, env: NodeJS.ProcessEnv): Pick<TelemetryOptions, 'otlp' | 'env'> {
  const named = ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'TELEMETRY_EXPORTER_ENDPOINT'];
  const isNamed = named.some((name) => env[name]?.trim());
  return {
    otlp: otlp === undefined ? isNamed && {} : { endpoint: otlp },
    // What receivers have to say is in the log already, once, by way of their poll reports.
    env: {
      ...env,
      OTEL_SDK_DISABLED: undefined,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_LOG_LEVEL: env.OTEL_LOG_LEVEL ?? 'error',
    },
  };
}

/** Holds the lines of what happens before there is a logger: a few, since that comes right after the first poll. */
class EarlyLines implements AgentLogger {
  #logger: AgentLogger | undefined;
  #lines: ((logger: AgentLogger) => void)[] = [];

  info(fields: object, message: string): void {
    this.#say((logger) => logger.info(fields, message));
  }

  warn(fields: object, message: string): void {
    this.#say((logger) => logger.warn(fields, message));
  }

  to(logger: AgentLogger): void {
    this.#logger = logger;
    for (const line of this.#lines.splice(0)) line(logger);
  }

  #say(line: (logger: AgentLogger) => void): void {
    if (this.#logger !== undefined) line(this.#logger);
    else if (this.#lines.length < 100) this.#lines.push(line);
  }
}
