import { type Command, type CommandGroup, defineCommand } from '../command/command.ts';
import { agentConfig } from './agentConfig.ts';
import { type AgentFlagValues, agentFlags, configRequest } from './agentFlags.ts';
import { agentReload } from './agentReload.ts';

const own: Command = defineCommand({
  name: 'agent',
  summary: 'own the devices of this host, and serve their samples to its processes and to Prometheus, until ended',
  options: agentFlags,
  help: {
    text: `
Flags win over variables (BENCHLAB_SECTION_KEY), and variables over the file of --config; agent config prints what holds.
Samples are served at /run/benchlab/agent.sock to root, else at /run/user/UID/benchlab/agent.sock, to owner and group.
An application gets them with agentReceiver(), the other commands with --agent. Only one agent can have a board.
OTLP goes to --otlp, OTEL_EXPORTER_OTLP_ENDPOINT or TELEMETRY_EXPORTER_ENDPOINT, and nowhere by default.
TELEMETRY_METRICS_TOKEN_FILE names the file with the token of the metrics page. TELEMETRY_METRICS_UNPROTECTED=true shows
the page to other hosts without one. /healthz and /readyz answer 503, with the reason, while it does not do its work.
With data_root in [general] of the file it records sessions; pipelines write their stage events to agent.stages.sock.
The log goes to standard output as JSON lines: what is read, what is missing and why. SIGTERM and SIGINT end the agent.
SIGHUP and agent reload make it read its configuration again; in a terminal, SIGHUP ends it.
A device that announced itself as another product is asked again when it is plugged in again, or after SIGUSR2.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    meanings: { usage: 'the command line or the configuration is wrong; nothing was started' },
    examples: [
      'agent',
      'agent --simulate --no-nvml',
      'agent --config /etc/benchlab/config.toml',
      'agent --port /dev/ttyACM0 --socket /run/benchlab/agent.sock --otlp http://collector:4317',
    ],
  },
  async run(host, options) {
    const { runAgent } = await import('../agent/agent.ts');
    return runAgent(host, configRequest(options as unknown as AgentFlagValues, host.environment));
  },
});

export const agent: CommandGroup = {
  name: own.name,
  summary: own.summary,
  own,
  commands: [agentConfig, agentReload],
};
