import { systemClock } from '@benchlab-otel/core';
import type { Command } from 'commander';
import { program } from '../program.ts';

/**
 * The words after `benchlab-probe` of each command line in a text, as a shell splits them. What comes before it, and what comes
 * after a pipe, a redirection or a semicolon, is left out.
 */
export function commandLines(lines: readonly string[]): readonly (readonly string[])[] {
  return lines.flatMap((line) => {
    const at = line.search(/\bbenchlab-probe /);
    return at < 0 ? [] : [shellWords(line.slice(at)).slice(1)];
  });
}

function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  for (const [, single, double, plain, end] of line.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"|<>;&()#]+)|([|<>;&()#])/g)) {
    if (end !== undefined) break;
    words.push(single ?? double ?? plain ?? '');
  }
  return words;
}

/** The command that a command line calls, `record gst`: the line is parsed as the command does it, and nothing is run. */
export async function parsedBy(args: readonly string[]): Promise<string> {
  let called = '';
  const silent = { out: () => undefined, err: () => undefined };
  const root = await program({
    host: { terminal: silent, clock: systemClock } as never,
    args,
    finished: () => undefined,
  });
  const replaced = (command: Command, path: readonly string[]): void => {
    for (const each of command.commands) replaced(each, [...path, each.name()]);
    // A group may be a command of its own, too.
    if (path.length > 0)
      command.action(() => {
        called = path.join(' ');
      });
  };
  replaced(root, []);
  await root.parseAsync(args, { from: 'user' });
  return called;
}
