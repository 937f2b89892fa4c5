import { CommanderError } from 'commander';
import { processTerminal, type Terminal } from './commands/terminal.ts';
import { exitCode, exitCodeOf } from './exitCode.ts';
import { withFlagName } from './options/flagNames.ts';
import { program } from './program.ts';

const terminal = processTerminal();
process.exitCode = await withOutput(await main(process.argv.slice(2), terminal));

/** Parses the command line, runs its command, and makes an exit code of what comes of it. */
async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exitCode.pass;
  try {
    await program(terminal, args, (finished) => {
      code = finished;
    }).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    report(error, terminal);
    return exitCodeOf(error);
  }
}

/** Output that was lost, as on a full disk, is no success; a failure keeps its own code. */
async function withOutput(code: number): Promise<number> {
  const lost = await terminal.written();
  if (lost === undefined) return code;
  terminal.err(
    `benchlab-probe: standard output was lost: ${lost.message}. Make room where it goes, and run it again.\n`,
  );
  return code === exitCode.pass || code === exitCode.inconclusive ? exitCode.trouble : code;
}

/** The one place where an error is printed. Errors of this project say what to do; a stack is for whoever debugs it. */
function report(error: unknown, terminal: Terminal): void {
  // Help and version come as errors, printed already.
  if (error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help')) return;
  const message = error instanceof Error ? error.message : String(error);
  terminal.err(`benchlab-probe: ${withFlagName(message.replace(/^error: /, ''))}\n`);
  if (error instanceof CommanderError) terminal.err('benchlab-probe --help shows how it is used.\n');
  if (process.env.DEBUG && error instanceof Error && error.stack) terminal.err(`${error.stack}\n`);
}
