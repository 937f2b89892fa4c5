import { lstatSync, readlinkSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { BenchlabError, messageOf, OptionError } from '@benchlab-otel/core';

/** The name of a pseudo-terminal on Linux. A link to anything else is never replaced. */
const terminalName = /^\/dev\/pts\/\d+$/;

/**
 * Gives a pseudo-terminal a second name that stays the same from run to run. A link that an earlier run left behind is
 * replaced; a file, a link to anything else, and the link of a terminal that exists are refused with PORT_IN_USE.
 * The returned function removes the name, as does the end of the process.
 *
 * @throws BenchlabError PORT_IN_USE; OptionError of `link` for a name that cannot be made
 */
export function linkTerminal(link: string, terminal: string): () => void {
  try {
    const there = whatIsAt(link, terminal);
    if (there === 'taken') {
      throw new BenchlabError(
        'PORT_IN_USE',
        `The name ${link} is in use: a file, a link to something else or another board is there.`,
        'Remove it, or choose another name.',
      );
    }
    if (there === 'stale') rmSync(link);
    if (there !== 'ours') symlinkSync(terminal, link);
  } catch (cause) {
    if (cause instanceof BenchlabError) throw cause;
    const allowed = `a name in a folder that exists and that you may write to (${messageOf(cause)})`;
    throw new OptionError({ option: 'link', value: link, allowed }, { cause });
  }
  atExit(remove);
  return remove;

  function remove(): void {
    leftovers.delete(remove);
    if (leftovers.size === 0) process.off('exit', removeAll);
    if (targetOf(link) === terminal) rmSync(link, { force: true }); // else another program has replaced it
  }
}

/** Links that the end of the process removes. One listener for all, because a bench may have more than ten boards. */
const leftovers = new Set<() => void>();

function atExit(remove: () => void): void {
  if (leftovers.size === 0) process.on('exit', removeAll);
  leftovers.add(remove);
}

function removeAll(): void {
  for (const remove of leftovers) remove();
}

function whatIsAt(link: string, terminal: string): 'nothing' | 'stale' | 'ours' | 'taken' {
  if (!lstatSync(link, { throwIfNoEntry: false })) return 'nothing';
  const target = targetOf(link);
  if (target === undefined || !terminalName.test(target)) return 'taken';
  // A killed run leaves its link, and the kernel has given the number of its terminal to this one.
  if (target === terminal) return 'ours';
  return statSync(target, { throwIfNoEntry: false }) ? 'taken' : 'stale';
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined; // nothing there, or not a link
  }
}
