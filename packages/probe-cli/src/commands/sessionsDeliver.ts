import { type Command, defineCommand } from '../command/command.ts';
import { defaultFlag, repeatedFlag, requiredText, switchFlag, textFlag } from '../command/flag.ts';
import { stagePair, text } from '../command/valueParsers.ts';

/** Puts closed sessions where CapFrameX finds them. */
export const deliver: Command = defineCommand({
  name: 'deliver',
  summary: 'put a table of each closed session into a folder that CapFrameX watches, until ended',
  options: {
    to: requiredText('--to <folder>', 'the watched folder; it may be a share that is away at times'),
    dataRoot: textFlag(
      '--data-root <folder>',
      'sessions are in its folder sessions; by default BENCHLAB_DATA_ROOT, data_root of the agent, /var/log/benchlab where it exists, or .benchlab',
    ),
    application: defaultFlag('--application <name>', 'the name of the game in the list', text, 'Vantage:Pipeline'),
    pair: repeatedFlag('--pair <from:to>', 'two stages, may be repeated; neighbours by default', stagePair),
    once: switchFlag('--once', 'deliver what is closed now, and end'),
  },
  help: {
    text: `
Each file is written as NAME.csv.part and takes its name at the end, so that CapFrameX finds it whole. A session is delivered
once: its cx-export/delivered.json states where. When the folder is away, it is tried again, and nothing else waits for it.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    meanings: { trouble: 'with --once: the folder is away' },
    examples: [
      'sessions deliver --to /mnt/cx-import',
      'sessions deliver --to /mnt/cx-import --once --pair ingress:encoded',
    ],
  },
  async run(host, options) {
    const { deliverSessions } = await import('../sessions/keep/deliverSessions.ts');
    return deliverSessions(host, options);
  },
});
