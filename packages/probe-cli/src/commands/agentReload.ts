import { type Command, defineCommand } from '../command/command.ts';
import { exitCode } from '../command/exitCode.ts';
import { textFlag } from '../command/flag.ts';

/** `agent reload` */
export const agentReload: Command = defineCommand({
  name: 'reload',
  summary: 'make a running agent read its configuration again, and print what became of it',
  options: {
    socket: textFlag('--socket <path>', 'Unix socket of the sample bus of the agent, as it was given to it'),
  },
  help: {
    text: `
Root and the user of the agent may ask for it: the agent logs which of them did. What did not change runs on, and a configuration
that is wrong changes nothing. The metrics page, the sockets, OTLP and the name of the node change at the next start.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    meanings: { usage: 'the command line or the new configuration is wrong: the one before holds' },
    examples: ['agent reload', 'agent reload --socket /run/benchlab/agent.sock'],
  },
  async run({ terminal }, { socket }) {
    const { reloadAgent } = await import('../agent/control/reloadAgent.ts');
    const { isRefused, text } = await reloadAgent(socket);
    terminal[isRefused ? 'err' : 'out'](`${text}\n`);
    return isRefused ? exitCode.usage : exitCode.pass;
  },
});
