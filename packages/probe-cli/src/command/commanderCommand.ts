import type { Command as CommanderCommand } from 'commander';
import type { CommandHost } from '../host/commandHost.ts';
import { type Command, flagsOf, textOf } from './command.ts';
import type { Flags } from './flag.ts';
import { helpText } from './helpText.ts';
import { namedByFlag } from './namedByFlag.ts';

/** One run of the command line: what it was given, and where its exit code goes. */
export interface CommandRun {
  readonly host: CommandHost;
  /** The words after `benchlab-probe`. */
  readonly args: readonly string[];
  finished(exitCode: number): void;
}

/** A command as commander takes it. `path` is how it is called: `record gst`. */
export async function commanderCommand(
  command: Command,
  path: string,
  root: CommanderCommand,
  { host, args, finished }: CommandRun,
): Promise<CommanderCommand> {
  // Without its name on the command line, only its name and summary are needed.
  const isNamed = args.includes(command.name);
  const flags = isNamed ? await flagsOf(command) : {};
  const paragraphs = isNamed ? await textOf(command.help) : '';
  const made = root.createCommand(command.name).copyInheritedSettings(root).description(command.summary);
  for (const { option } of Object.values(flags)) made.addOption(option);
  if (command.words !== undefined) made.argument(command.words.text, command.words.summary);
  if (command.words?.areCommandLine) made.passThroughOptions();
  made.addHelpText('after', () => helpText(command.help, paragraphs));
  return made.action(async (...given: unknown[]) => {
    // A variadic argument is a list, another one a text.
    const all = command.words === undefined ? [] : [given[0] as string | readonly string[]].flat();
    const words = command.words?.areTwoLists ? withSeparator(all, args) : all;
    if (command.words?.areCommandLine && words.length > 0) requireSeparator(words, args, made, path);
    try {
      finished(await command.run(host, { ...absentValues(flags), ...made.opts() }, words));
    } catch (error) {
      throw namedByFlag(error, flags);
    }
  });
}

/** Commander leaves the first `--` out. */
function withSeparator(words: readonly string[], args: readonly string[]): readonly string[] {
  const at = args.indexOf('--');
  const after = at < 0 ? 0 : args.length - at - 1;
  return at < 0 ? words : [...words.slice(0, words.length - after), '--', ...words.slice(words.length - after)];
}

function absentValues(flags: Flags): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(flags).flatMap(([name, { absent }]) => (absent === undefined ? [] : [[name, absent]])),
  );
}

/** Without -- before the other program, an option of ours after it would silently be taken for that program's. */
function requireSeparator(
  words: readonly string[],
  args: readonly string[],
  self: CommanderCommand,
  path: string,
): void {
  if (args.at(-words.length - 1) === '--') return;
  self.error(
    `write -- before the command, and every option of ${path} before that: ${path} [options] -- ${words[0]} …`,
  );
}
