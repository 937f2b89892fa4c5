import { InvalidArgumentError, type Option } from 'commander';
import { type Command, type CommandGroup, eachCommand, flagsOf, textOf } from '../command/command.ts';
import { codesAndMeanings } from '../command/exitCode.ts';
import { wholeLine } from '../command/helpText.ts';

/** An option as pages and completions need it. */
export interface OptionNode {
  /** `--for <duration>` */
  readonly flags: string;
  /** `--for` */
  readonly long: string;
  /** `<duration>`; undefined where it takes no value. */
  readonly value: string | undefined;
  readonly summary: string;
  /** The closed set of its values, where it has one. */
  readonly choices: readonly string[];
  readonly initial: string | undefined;
  readonly isRequired: boolean;
  /** Whether its form alone refuses a text. What only a look at the world refuses is not. */
  refuses(text: string): boolean;
}

/** A command with all that its help has. */
export interface CommandNode {
  /** `record gst` */
  readonly path: string;
  readonly summary: string;
  readonly words: Command['words'];
  readonly options: readonly OptionNode[];
  /** Paragraphs of the help. */
  readonly text: string;
  readonly codes: readonly (readonly [code: number, meaning: string])[];
  /** Whole command lines. */
  readonly examples: readonly string[];
}

/** Every command, without groups, with its options loaded. */
export async function commandTree(commands: readonly (Command | CommandGroup)[]): Promise<readonly CommandNode[]> {
  return Promise.all(eachCommand(commands).map(({ path, command }) => node(path.join(' '), command)));
}

async function node(path: string, command: Command): Promise<CommandNode> {
  const [flags, text] = await Promise.all([flagsOf(command), textOf(command.help)]);
  const options = Object.values(flags).map(({ option }): OptionNode => {
    const initial = option.defaultValue === undefined || option.negate ? undefined : String(option.defaultValue);
    return {
      flags: option.flags,
      long: option.long ?? option.flags,
      value: /[<[].*[>\]]/.exec(option.flags)?.[0],
      summary: option.description,
      choices: option.argChoices ?? [],
      initial,
      isRequired: option.mandatory,
      refuses: (given) => isRefused(option, given),
    };
  });
  const { summary, words, help } = command;
  const codes = codesAndMeanings(help.exitCodes, help.meanings);
  return { path, summary, words, options, text: text.trim(), codes, examples: help.examples.map(wholeLine) };
}

function isRefused(option: Option, given: string): boolean {
  try {
    option.parseArg?.(given, undefined);
    return false;
  } catch (error) {
    if (error instanceof InvalidArgumentError) return true;
    throw error;
  }
}
