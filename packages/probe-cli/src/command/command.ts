import type { CommandHost } from '../host/commandHost.ts';
import type { ExitCodeName } from './exitCode.ts';
import type { Flags, OptionsOf } from './flag.ts';

/** A command of `benchlab-probe`: all that the command line, its help and the tests need to know of it. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Words among or after the options. */
  readonly words?: Words;
  /** A function where flags come from a table that takes long to load: it is called when the command line names the command. */
  readonly options: Flags | (() => Promise<Flags>);
  readonly help: Help;
  /** Resolves with the exit code. What it rejects with is printed by the caller, with the exit code of the error. */
  run(host: CommandHost, options: Readonly<Record<string, unknown>>, words: readonly string[]): Promise<number>;
}

interface Words {
  /** How the usage line shows them: `<path...>`. */
  readonly text: string;
  readonly summary: string;
  /** They are another program's command line, so `--` must stand before them, and options after them are not ours. */
  readonly areCommandLine?: boolean;
  /** Two lists with `--` between them: the command gets it as one of the words. */
  readonly areTwoLists?: boolean;
}

export interface Help {
  /**
   * Paragraphs between the options and the exit codes. A function where they come from a table that takes long to load: it
   * is called when the command line names the command.
   */
  readonly text?: string | (() => Promise<string>);
  /** The exit codes that the command can end with. */
  readonly exitCodes: readonly ExitCodeName[];
  /** What codes mean for this command, where that differs from the table. */
  readonly meanings?: Readonly<Partial<Record<ExitCodeName, string>>>;
  /** Command lines after `benchlab-probe`, or whole lines where another program comes first. */
  readonly examples: readonly string[];
}

/** Commands under one word: `record gst`, `record stages`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly Command[];
  /** What the word does without a second one: `agent`, next to `agent config`. It has the name of the group. */
  readonly own?: Command;
}

/** A command, and the words by which it is called: `['record', 'gst']`. */
export interface CalledCommand {
  readonly path: readonly string[];
  readonly command: Command;
}

/** Every command without its group, in the order of the help. */
export function eachCommand(entries: readonly (Command | CommandGroup)[]): readonly CalledCommand[] {
  return entries.flatMap((entry): readonly CalledCommand[] => {
    if ('run' in entry) return [{ path: [entry.name], command: entry }];
    const { name, own, commands } = entry;
    const below = commands.map((command) => ({ path: [name, command.name], command }));
    return own === undefined ? below : [{ path: [name], command: own }, ...below];
  });
}

/** A command whose `run` gets options of the types that its flags state. */
export function defineCommand<const Declared extends Flags>(
  definition: Omit<Command, 'options' | 'run'> & {
    readonly options: Declared | (() => Promise<Declared>);
    run(host: CommandHost, options: OptionsOf<Declared>, words: readonly string[]): Promise<number>;
  },
): Command {
  return definition;
}

export async function flagsOf({ options }: Pick<Command, 'options'>): Promise<Flags> {
  return typeof options === 'function' ? options() : options;
}

export async function textOf({ text = '' }: Help): Promise<string> {
  return typeof text === 'function' ? text() : text;
}
