import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { commands } from '../program.ts';
import { commandTree } from './commandTree.ts';
import { manPage } from './manPage.ts';
import { writtenManPage } from './writtenManPage.ts';

const tree = await commandTree(commands);
const page = await writtenManPage();
/** Without the escapes of roff. */
const plain = page.replaceAll('\\-', '-').replaceAll('\\e', '\\').replaceAll('\\&', '');

it('has every command with its options, words, exit codes and examples', () => {
  for (const { path, options, words, codes, examples } of tree) {
    const section = plain.split(`\n.SS ${path}\n`)[1]?.split(/\n\.S[SH] /)[0] ?? '';
    for (const { flags, summary } of options) expect(section).toContain(`.B ${flags}\n${summary}`);
    if (words !== undefined) expect(section).toContain(`.I ${words.text}`);
    for (const [code] of codes) expect(section).toContain(`${code} (`);
    for (const example of examples) expect(section).toContain(example);
  }
});

it('has no line that roff takes for a request of its own, and no other escape', () => {
  const requests = page.split('\n').filter((line) => line.startsWith('.'));

  expect([...new Set(requests.map((line) => line.split(' ')[0]))].toSorted()).toEqual(
    ['.B', '.I', '.PP', '.RE', '.RS', '.SH', '.SS', '.TH', '.TP', '.\\"', '.br', '.fi', '.nf'].toSorted(),
  );
  expect(page.split('\n').filter((line) => line.startsWith("'"))).toEqual([]);
  expect(page.replaceAll(/\\[-e&"]/g, '')).not.toContain('\\');
});

it('escapes what a command may bring: a backslash, and a point or a quote at the start of a line', () => {
  const odd = manPage(
    [
      {
        path: 'odd',
        summary: 'odd',
        words: undefined,
        options: [],
        text: ".x\n'y\n\\fB",
        codes: [[0, 'done']],
        examples: ['odd'],
      },
    ],
    { summary: 'S.', codes: [] },
  );

  expect(odd).toContain("\n\\&.x\n\\&'y\n\\efB\n");
});

const hasMan = spawnSync('man', ['--version']).error === undefined;

it.skipIf(!hasMan)('is read by man without a complaint', () => {
  const { stdout, stderr } = spawnSync('man', ['--warnings', '-l', '-'], {
    input: page,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '100', PAGER: 'cat' },
  });
  expect(stderr).toBe('');
  expect(stdout).toContain('EXIT STATUS');
});
