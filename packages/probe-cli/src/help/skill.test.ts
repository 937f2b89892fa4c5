// The page that other programs read before they use the command: its commands and its table must be those that there are.
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { codesAndMeanings, type ExitCodeName, exitCode } from '../command/exitCode.ts';
import { commands } from '../program.ts';
import { commandLines, parsedBy } from './commandLines.suite.ts';
import { commandTree } from './commandTree.ts';

const packageFolder = new URL('../../', import.meta.url);
const page = readFileSync(new URL('SKILL.md', packageFolder), 'utf8');
const quoted = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
const lines = quoted.filter((text) => text.startsWith('benchlab-probe ') && !text.includes('COMMAND'));

it.each(lines)('its command line is right: %s', async (line) => {
  const [words = []] = commandLines([line]);
  const tree = await commandTree(commands);

  expect(tree.map(({ path }) => path)).toContain(await parsedBy(words));
});

it('names options that there are', async () => {
  const known = (await commandTree(commands)).flatMap(({ options }) => options.map(({ long }) => long));
  const named = quoted.flatMap((text) => text.match(/--[a-z][a-z-]+/g) ?? []);

  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((option) => ![...known, '--help', '--no-install'].includes(option))).toEqual([]);
});

it('has the table of exit codes', () => {
  const rows = [...page.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, meaning]) => [Number(code), meaning]);

  expect(rows).toEqual(codesAndMeanings(Object.keys(exitCode) as ExitCodeName[]));
});

it('names files of the package, which are published', () => {
  const { files } = JSON.parse(readFileSync(new URL('package.json', packageFolder), 'utf8'));
  const named = quoted.filter((text) => text.startsWith('schema/'));

  expect(named.length).toBeGreaterThan(1);
  for (const file of named) expect(existsSync(new URL(file, packageFolder))).toBe(true);
  expect(files).toEqual(expect.arrayContaining(['SKILL.md', 'schema', 'man', 'observer']));
});

it('has a name and a description at its head', () => {
  expect(page).toMatch(/^---\nname: benchlab-probe\ndescription: .{50,1024}\n---\n/);
});
