import { Command as CommanderCommand } from 'commander';
import type { Command, CommandGroup, Help } from './command/command.ts';
import { type CommandRun, commanderCommand } from './command/commanderCommand.ts';
import { type ExitCodeName, exitCode } from './command/exitCode.ts';
import { helpText } from './command/helpText.ts';
import { agent } from './commands/agent.ts';
import { artifacts } from './commands/artifacts.ts';
import { check } from './commands/check.ts';
import { completionOf } from './commands/completion.ts';
import { cycle } from './commands/cycle.ts';
import { demo } from './commands/demo.ts';
import { devices } from './commands/devices.ts';
import { doctor } from './commands/doctor.ts';
import { dump } from './commands/dump.ts';
import { emulate } from './commands/emulate.ts';
import { flow } from './commands/flow.ts';
import { footprint } from './commands/footprint.ts';
import { init } from './commands/init.ts';
import { lint } from './commands/lint.ts';
import { read } from './commands/read.ts';
import { record } from './commands/record.ts';
import { run } from './commands/run.ts';
import { serve } from './commands/serve.ts';
import { sessions } from './commands/sessions.ts';
import { snapshot } from './commands/snapshot.ts';
import { tail } from './commands/tail.ts';
import { tui } from './commands/tui.ts';
import { web } from './commands/web.ts';
import { version } from './version.ts';

/** Every command, in the order of the help. A command loads what it needs when it runs: `--help` does not wait for gRPC. */
export const commands: readonly (Command | CommandGroup)[] = [
  run,
  serve,
  doctor,
  init,
  check,
  devices,
  read,
  agent,
  dump,
  record,
  sessions,
  flow,
  artifacts,
  tail,
  tui,
  web,
  snapshot,
  lint,
  cycle,
  footprint,
  emulate,
  demo,
  completionOf(() => commands),
];

/** What the whole program does. */
export const description = 'Reads the bench, and runs a program with its latency and energy measured.';

/** The command line: the commands above as commander takes them. */
export async function program(commandRun: CommandRun): Promise<CommanderCommand> {
  const { terminal } = commandRun.host;
  const root = new CommanderCommand('benchlab-probe')
    .description(description)
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      // Errors are printed in one place: probe().
      outputError: () => undefined,
    })
    // Without options and words: those of a command may not be loaded.
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .enablePositionalOptions()
    .addHelpText('after', () => helpText(rootHelp));
  for (const command of commands) {
    if ('run' in command) root.addCommand(await commanderCommand(command, command.name, root, commandRun));
    else root.addCommand(await groupOf(command, root, commandRun));
  }
  return root;
}

/** `benchlab-probe record gst`: as far as the words of a command line name a command that there is. */
export function calledBy([first, second]: readonly string[]): string {
  const entry = commands.find(({ name }) => name === first);
  const inner =
    entry !== undefined && 'commands' in entry ? entry.commands.find(({ name }) => name === second) : undefined;
  return ['benchlab-probe', entry?.name, inner?.name].filter((name) => name !== undefined).join(' ');
}

async function groupOf(
  { name, summary, commands, own }: CommandGroup,
  root: CommanderCommand,
  run: CommandRun,
): Promise<CommanderCommand> {
  const group =
    own === undefined
      ? root.createCommand(name).copyInheritedSettings(root).description(summary)
      : await commanderCommand(own, name, root, run);
  // Its own parser of options would otherwise take those after -- for ours.
  group.enablePositionalOptions();
  if (own === undefined) group.addHelpText('after', () => helpText(groupHelp(commands)));
  for (const each of commands) group.addCommand(await commanderCommand(each, `${name} ${each.name}`, root, run));
  return group;
}

/** The exit codes of all commands of a group, and the first example of each. */
function groupHelp(commands: readonly Command[]): Pick<Help, 'exitCodes' | 'examples'> {
  return {
    exitCodes: [...new Set(commands.flatMap(({ help }) => help.exitCodes))],
    examples: commands.flatMap(({ help }) => help.examples.slice(0, 1)),
  };
}

const rootHelp = {
  exitCodes: Object.keys(exitCode) as ExitCodeName[], // the keys of the table are the names
  examples: [
    'demo',
    'devices',
    "run --budget 'p95(checkout) < 250 ms' --budget 'joules(checkout) < 12 J' -- node app.js",
  ],
};
