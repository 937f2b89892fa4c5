import { type Command, defineCommand } from '../command/command.ts';
import { switchFlag } from '../command/flag.ts';
import { type AgentFlags, type AgentFlagValues, agentFlags, configRequest } from './agentFlags.ts';

/** `agent config` */
export const agentConfig: Command = defineCommand({
  name: 'config',
  summary: 'print the configuration that the agent would run with, and where each value comes from',
  options: async () => {
    const flags: AgentFlags = await agentFlags();
    return {
      ...flags,
      exampleAlerts: switchFlag('--example-alerts', 'print alerts to begin with, as a part of a configuration file'),
      check: switchFlag('--check', 'judge the configuration, and print its mistakes alone'),
    };
  },
  help: {
    text: `
Flags win over variables, and variables over the file. What is printed is a file of the configuration. A path that stands in it is
not opened: whether a board, a port or a folder is there, the start finds out.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    meanings: { usage: 'the command line or the configuration is wrong' },
    examples: [
      'agent config',
      'agent config --example-alerts >> config.toml',
      'agent config --check --config /etc/benchlab/config.toml',
    ],
  },
  async run({ terminal, environment }, options) {
    if (options.exampleAlerts) {
      const { exampleAlerts } = await import('../agent/config/exampleAlerts.ts');
      terminal.out(exampleAlerts);
      return 0;
    }
    const [{ readConfig }, { configText }, { plannedReceivers }] = await Promise.all([
      import('../agent/config/readConfig.ts'),
      import('../agent/config/configText.ts'),
      import('../agent/plannedReceivers.ts'),
    ]);
    const read = await readConfig(configRequest(options as unknown as AgentFlagValues, environment));
    // The receivers judge their own options: a firmware that is not published, for example.
    const { notes } = plannedReceivers(read);
    if (!options.check) terminal.out(configText({ ...read, notes: [...read.notes, ...notes] }));
    else for (const note of [...read.notes, ...notes]) terminal.err(`benchlab-probe: ${note}\n`);
    return 0;
  },
});
