import { BenchlabError } from '@benchlab-otel/core';
import type { CommandHost } from '../host/commandHost.ts';
import { printable } from '../report/printable.ts';
import { startChild } from '../run/child.ts';
import { forwardSignals } from '../run/forwardSignals.ts';
import { shellCommand } from './comparedProgram.ts';
import { OutputTail } from './outputTail.ts';

/** A tree of files in which `--prepare` runs. */
export interface Tree {
  /** For messages: `the baseline v1.2 (abc1234)`, `the working tree`. */
  readonly name: string;
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Runs the line of `--prepare` in a tree. A signal is passed on to it.
 *
 * @throws BenchlabError UNSUPPORTED that names the tree and ends with what the command wrote, when it fails
 */
export async function prepareTree(
  line: string,
  tree: Tree,
  { input, signals, clock }: Pick<CommandHost, 'input' | 'signals' | 'clock'>,
): Promise<void> {
  const output = new OutputTail();
  const child = await startChild(shellCommand(line), {
    environment: tree.environment,
    folder: tree.folder,
    output: output.write,
    ownGroup: !input.isTerminal,
  });
  const stopForwarding = forwardSignals(child, { signals, clock, atTerminal: input.isTerminal });
  // A shell passes nothing on to the command that it waits for.
  const stopEnding = signals.listen(() => void child.endLeftBehind());
  const { code } = await child.exited;
  stopEnding();
  stopForwarding();
  child.endLeftBehind();
  if (code === 0) return;
  throw new BenchlabError(
    'UNSUPPORTED',
    `${tree.name} does not build: --prepare "${printable(line)}" ended there with exit code ${code}.`,
    `Run it in that tree by hand; its last lines were:\n${output.shown()}`.trimEnd(),
  );
}
