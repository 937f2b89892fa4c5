import type { AgentSource, SettingPath } from '../agent/config/agentConfig.ts';
import type { GivenFlag } from '../agent/config/effectiveConfig.ts';
import type { ConfigRequest } from '../agent/config/readConfig.ts';
import { assumeFirmwareFlag, noDitherFlag, portFlag, simulateFlag } from '../command/boardFlags.ts';
import { type Flag, type OptionsOf, offSwitch, textFlag, valueFlag } from '../command/flag.ts';
import { telemetryOutFlag } from '../command/telemetryOutFlag.ts';
import { portNumber, rate, text } from '../command/valueParsers.ts';

/** The flags that set the configuration of the agent: of `agent` and of `agent config`. */
export interface AgentFlags extends Readonly<Record<string, Flag<unknown>>> {
  readonly config: Flag<string | undefined>;
  readonly port: typeof portFlag;
  readonly simulate: typeof simulateFlag;
  readonly assumeFirmware: typeof assumeFirmwareFlag;
  readonly rate: Flag<number | undefined>;
  readonly dither: typeof noDitherFlag;
  readonly benchlab: Flag<boolean>;
  readonly host: Flag<boolean>;
  readonly nvml: Flag<boolean>;
  readonly socket: Flag<string | undefined>;
  readonly metricsPort: Flag<number | undefined>;
  readonly listen: Flag<string | undefined>;
  readonly otlp: Flag<string | undefined>;
  readonly telemetryOut: typeof telemetryOutFlag;
}

export type AgentFlagValues = OptionsOf<AgentFlags>;

/** Made when the command line names the agent: the table of receivers takes long to load. */
export async function agentFlags(): Promise<AgentFlags> {
  const { receivers } = await import('@benchlab-otel/hw-receivers');
  const { least, most, default: initial } = receivers.benchlab.rate;
  const off = (name: AgentSource) => offSwitch(`--no-${name}`, `do not read ${receivers[name].summary}`);
  return {
    config: textFlag('--config <path>', 'TOML file of the configuration (/etc/benchlab/config.toml where it is there)'),
    port: portFlag,
    simulate: simulateFlag,
    assumeFirmware: assumeFirmwareFlag,
    rate: valueFlag('--rate <hz>', `polls of each board a second, ${least} to ${most} (${initial})`, rate, {
      sets: 'rateHz',
    }),
    dither: noDitherFlag,
    benchlab: off('benchlab'),
    host: off('host'),
    nvml: off('nvml'),
    socket: textFlag('--socket <path>', 'Unix socket of the sample bus; see below', { sets: 'path' }),
    metricsPort: valueFlag(
      '--metrics-port <port>',
      'port of the metrics page; 0 takes any free one (9109)',
      portNumber,
    ),
    listen: valueFlag(
      '--listen <address>',
      'address of the metrics page; one that other hosts can reach needs a token (127.0.0.1)',
      text,
      { sets: 'metricsPage.host' },
    ),
    otlp: textFlag(
      '--otlp <endpoint>',
      'send metrics and log lines to this collector, OTLP over gRPC: http://HOST:PORT',
    ),
    telemetryOut: telemetryOutFlag,
  };
}

/** What a command line asks of the configuration. */
export function configRequest(options: AgentFlagValues, environment: NodeJS.ProcessEnv): ConfigRequest {
  const { port, simulate, assumeFirmware, rate, dither, socket, otlp, telemetryOut, listen, metricsPort } = options;
  const given: readonly (readonly [SettingPath, unknown, string])[] = [
    ['benchlab.device', port.length === 0 ? undefined : port, '--port'],
    ['benchlab.assume_firmware', assumeFirmware, '--assume-firmware'],
    ['benchlab.rate_hz', rate, '--rate'],
    ['benchlab.dither', dither ? undefined : false, '--no-dither'],
    ['agent.simulate', simulate, '--simulate'],
    ['agent.socket', socket, '--socket'],
    ['agent.telemetry_out', telemetryOut, '--telemetry-out'],
    ['otlp.endpoint', otlp, '--otlp'],
  ];
  const flags = given.flatMap(([path, value, flag]): readonly (readonly [SettingPath, GivenFlag])[] =>
    value === undefined ? [] : [[path, { value, flag }]],
  );
  const sources: readonly AgentSource[] = ['benchlab', 'host', 'nvml'];
  const without = sources.filter((source) => !options[source]);
  const partialFlags = { listen, metricsPort, without };
  return { path: options.config, environment, flags: Object.fromEntries(flags), partialFlags };
}
