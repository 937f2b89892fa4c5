import type { ReceiverSwitches } from '../agent/agentReceivers.ts';
import { assumeFirmwareFlag, noDitherFlag, portFlag, simulateFlag } from '../command/boardFlags.ts';
import { type Command, defineCommand } from '../command/command.ts';
import { defaultFlag, type Flag, offSwitch, textFlag } from '../command/flag.ts';
import { telemetryOutFlag } from '../command/telemetryOutFlag.ts';
import { portNumber, rate, text } from '../command/valueParsers.ts';

export const agent: Command = defineCommand({
  name: 'agent',
  summary: 'own the devices of this host, and serve their samples to its processes and to Prometheus, until ended',
  options: async () => {
    // The table of receivers, which takes long to load, has the flags of the receivers.
    const { receivers } = await import('@benchlab-otel/hw-receivers');
    const board = receivers.benchlab.rate;
    return {
      port: portFlag,
      simulate: simulateFlag,
      assumeFirmware: assumeFirmwareFlag,
      rate: defaultFlag(
        '--rate <hz>',
        `polls of each board a second, ${board.least} to ${board.most}`,
        rate,
        board.default,
        { sets: 'rateHz' },
      ),
      dither: noDitherFlag,
      ...switchesOf(receivers),
      socket: textFlag('--socket <path>', 'Unix socket of the sample bus; see below', { sets: 'path' }),
      metricsPort: defaultFlag(
        '--metrics-port <port>',
        'port of the metrics page; 0 takes any free one',
        portNumber,
        9109,
      ),
      listen: defaultFlag(
        '--listen <address>',
        'address of the metrics page; one that other hosts can reach needs a token',
        text,
        '127.0.0.1',
        { sets: 'metricsPage.host' },
      ),
      otlp: textFlag('--otlp <endpoint>', 'send metrics to this collector, OTLP over gRPC: http://HOST:PORT'),
      telemetryOut: telemetryOutFlag,
    };
  },
  help: {
    text: `
Samples are served at /run/benchlab/agent.sock to root, else at /run/user/UID/benchlab/agent.sock, to owner and group.
An application gets them with agentReceiver(), the other commands with --agent. Only one agent can have a board.
OTLP goes to --otlp, OTEL_EXPORTER_OTLP_ENDPOINT or TELEMETRY_EXPORTER_ENDPOINT, and nowhere by default.
TELEMETRY_METRICS_TOKEN_FILE names the file with the token of the metrics page. TELEMETRY_METRICS_UNPROTECTED=true shows
the page to other hosts without one.
The log goes to standard output as JSON lines: what is read, what is missing and why. SIGTERM and SIGINT end the agent.
A device that announced itself as another product is asked again when it is plugged in again, or after SIGUSR2.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: [
      'agent',
      'agent --simulate --no-nvml',
      'agent --port /dev/ttyACM0 --socket /run/benchlab/agent.sock --otlp http://collector:4317',
    ],
  },
  async run(host, options) {
    const { runAgent } = await import('../agent/agent.ts');
    return runAgent(host, options);
  },
});

/** `--no-NAME` for each receiver of the table. */
function switchesOf(
  receivers: Readonly<Record<keyof ReceiverSwitches, { readonly summary: string }>>,
): Readonly<Record<keyof ReceiverSwitches, Flag<boolean>>> {
  const flags = Object.entries(receivers).map(([name, { summary }]) => [
    name,
    offSwitch(`--no-${name}`, `do not read ${summary}`),
  ]);
  return Object.fromEntries(flags); // its keys are those of the table
}
