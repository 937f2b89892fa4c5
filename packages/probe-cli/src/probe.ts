import { messageOf } from '@benchlab-otel/core/definitions';
import { CommanderError } from 'commander';
import { exitCode, exitCodeOf, isBug } from './command/exitCode.ts';
import type { CommandHost } from './host/commandHost.ts';
import type { Terminal } from './host/terminal.ts';
import { calledBy, program } from './program.ts';

/** `benchlab-probe`: parses the words after it, runs the command, and resolves with the exit code. Never rejects. */
export async function probe(args: readonly string[], host: CommandHost): Promise<number> {
  return withOutput(await outcome(args, host), host.terminal);
}

async function outcome(args: readonly string[], host: CommandHost): Promise<number> {
  let code: number = exitCode.pass;
  const finished = (finishedWith: number) => {
    code = finishedWith;
  };
  try {
    const commandLine = await program({ host, args, finished });
    await commandLine.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    print(error, args, host);
    return exitCodeOf(error);
  }
}

/** Output that was lost, as on a full disk, is not a success. A failure keeps its own code. */
async function withOutput(code: number, terminal: Terminal): Promise<number> {
  const lost = await terminal.written();
  if (lost === undefined) return code;
  const fix = 'Make room where it goes, and run it again.';
  terminal.err(`benchlab-probe: standard output was lost: ${lost.message}. ${fix}\n`);
  return code === exitCode.pass || code === exitCode.inconclusive ? exitCode.trouble : code;
}

/** The one place where an error is printed. Errors of this project state the fix; a bug is printed with its stack. */
function print(error: unknown, args: readonly string[], { terminal, environment }: CommandHost): void {
  // Help and version come as errors, printed already.
  if (error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help')) return;
  // A line feed from outside must not begin a line that looks like ours.
  const message = messageOf(error)
    .replace(/^error: /, '')
    .replaceAll('\n', '\n  ');
  terminal.err(`benchlab-probe: ${message}\n`);
  if (error instanceof CommanderError) terminal.err(`${calledBy(args)} --help shows how it is used, with examples.\n`);
  const stack = error instanceof Error ? error.stack : undefined;
  if (isBug(error)) terminal.err(`This is a bug of benchlab-probe. Please report it with these lines:\n${stack}\n`);
  else if (environment.DEBUG && stack !== undefined) terminal.err(`${stack}\n`);
}
