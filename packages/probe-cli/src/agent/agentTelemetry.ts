import type { Receiver, SampleConsumer } from '@benchlab-otel/core';
import type { OtlpOptions, TelemetryOptions } from '@benchlab-otel/node';
import type { CommandHost } from '../host/commandHost.ts';
import { agentAlerts } from './agentAlerts.ts';
import { pageAddress } from './config/bind.ts';
import type { ReadConfig } from './config/readConfig.ts';
import type { AgentHealth } from './service/agentHealth.ts';

/** The whole stop of the agent is to take 5 s: what OTLP has left gets most of it, ms. */
const shutdownTimeoutMs = 4_000;

export interface AgentTelemetryParts {
  readonly receivers: Receiver;
  readonly consumers: readonly SampleConsumer[];
  readonly health: AgentHealth;
}

/** The telemetry of the agent as its configuration asks for it. */
export function agentTelemetry(
  { terminal, environment }: Pick<CommandHost, 'terminal' | 'environment'>,
  read: ReadConfig,
  { receivers, consumers, health }: AgentTelemetryParts,
): TelemetryOptions {
  const { general, prometheus, agent } = read.config;
  const otlp = otlpOf(read, environment);
  const alerts = agentAlerts(read.config);
  return {
    serviceName: 'benchlab-agent',
    ...(general.node_name === undefined ? {} : { node: general.node_name }),
    otlp,
    env: ownEnvironment(environment),
    // Device events are among the lines.
    log: { destination: { write: (line) => terminal.out(line) }, ...(otlp && { otlp: true }) },
    metricsPage: {
      ...pageAddress(prometheus.bind),
      ...(prometheus.token_file === undefined ? {} : { tokenFile: prometheus.token_file }),
      ...(prometheus.unprotected === undefined ? {} : { allowUnprotected: prometheus.unprotected }),
      health: { live: health.live, ready: health.ready, findings: health.findings },
    },
    ...(agent.telemetry_out === undefined ? {} : { telemetryOut: agent.telemetry_out }),
    ...(alerts && { alerts }),
    ...(agent.enrichers === undefined ? {} : { enrichers: agent.enrichers }),
    receivers: [receivers],
    consumers,
    shutdownTimeoutMs,
  };
}

/** OTLP goes where a flag, a variable or the file names a collector: many hosts have none. */
function otlpOf({ config, origins }: ReadConfig, env: NodeJS.ProcessEnv): OtlpOptions | false {
  const named = ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'TELEMETRY_EXPORTER_ENDPOINT'];
  const isNamed = named.some((name) => env[name]?.trim());
  const { endpoint } = config.otlp;
  // Variables win over the file.
  const isOverruled = isNamed && origins['otlp.endpoint'].kind === 'file';
  return endpoint === undefined || isOverruled ? isNamed && {} : { endpoint };
}

/** The agent makes no spans, and is not switched off with the applications of its host. */
function ownEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    OTEL_SDK_DISABLED: undefined,
    OTEL_TRACES_EXPORTER: 'none',
    // The troubles of receivers are in the log already, once each, through their poll reports.
    OTEL_LOG_LEVEL: env.OTEL_LOG_LEVEL ?? 'error',
  };
}
