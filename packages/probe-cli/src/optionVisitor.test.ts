// Every option of every command, from the tree of commands itself: a new one is visited without a change here.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandLines, parsedBy } from './help/commandLines.suite.ts';
import { type CommandNode, commandTree, type OptionNode } from './help/commandTree.ts';
import { probed } from './host/testHost.suite.ts';
import { commands } from './program.ts';

const tree = await commandTree(commands);
const folder = mkdtempSync(join(tmpdir(), 'benchlab-options-'));
const marker = join(folder, 'started');
afterAll(() => rmSync(folder, { recursive: true }));

/** Words that no option takes: an empty text, as a variable leaves that is not set; for those of a closed form, garbage too. */
function badWords(option: OptionNode): readonly string[] {
  if (option.value === undefined) return [`${option.long}=yes`];
  const isClosed = option.choices.length > 0 || option.refuses('\u{1F9E9}');
  return [`${option.long}=`, `${option.long}= `, ...(isClosed ? [`${option.long}=\u{1F9E9}`] : [])];
}

/** Options without which a command complains before it looks at others. */
const required = ({ options }: CommandNode) =>
  options
    .filter(({ isRequired }) => isRequired)
    .map(({ long, choices }) => `${long}=${choices[0] ?? join(folder, 'value')}`);

/** A program that would leave a file, where the command takes one. */
const words = ({ words: wanted }: CommandNode) =>
  wanted?.areCommandLine ? ['--', 'touch', marker] : wanted === undefined ? [] : ['x'];

describe.each(tree)('benchlab-probe $path', (node) => {
  const path = node.path.split(' ');

  it('has a summary, exit codes and examples, and describes each option', async () => {
    const { out } = await probed(...path, '--help');

    expect(node.summary).not.toBe('');
    expect(node.codes.length).toBeGreaterThan(1);
    expect(node.examples.length).toBeGreaterThan(0);
    const help = out.replaceAll(/\s+/g, ' ');
    for (const { flags, summary } of node.options) {
      expect(summary.length).toBeGreaterThan(5);
      expect(help).toContain(`${flags} ${summary}`.replaceAll(/\s+/g, ' '));
    }
  });

  it('has examples that are right command lines', async () => {
    for (const line of commandLines(node.examples)) expect(await parsedBy(line)).toBe(node.path);
  });

  it.each(node.options.flatMap((option) => badWords(option).map((bad) => [bad, option] as const)))(
    'refuses %j before anything starts, and names the option and the help',
    async (bad, { long }) => {
      const { code, out, err } = await probed(...path, ...required(node), bad, ...words(node));

      expect(err).toContain(long);
      expect(err).toContain(`benchlab-probe ${node.path} --help`);
      expect(err).not.toMatch(/^ {4}at /m);
      expect(out).toBe('');
      expect(code).toBe(2);
      expect(existsSync(marker)).toBe(false);
    },
  );

  it('refuses an option that it does not have, and words that it does not take', async () => {
    for (const wrong of [
      [...path, '--no-such-option', ...words(node)],
      ...(node.words === undefined ? [[...path, 'word']] : []),
    ]) {
      const { code, out, err } = await probed(...wrong);

      expect(err).toContain(`benchlab-probe ${node.path} --help`);
      expect({ code, out, started: existsSync(marker) }).toEqual({ code: 2, out: '', started: false });
    }
  });
});
