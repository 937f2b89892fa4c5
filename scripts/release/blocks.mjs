// The blocks of code of the pages that users read.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, workspaces } from '../workspaces.mjs';

/** Paths from the root. The runbooks and collector-config have tests of their own. */
export function pagesOfUsers() {
  const documents = readdirSync(join(root, 'docs'), { recursive: true })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  const ofPackages = workspaces()
    .filter(({ folder }) => folder.startsWith('packages/'))
    .flatMap(({ folder }) => [`${folder}/README.md`, `${folder}/CONTRIBUTING.md`]);
  const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'examples/README.md'];
  return [...pages, ...documents.sort(), ...ofPackages].filter((page) => existsSync(join(root, page)));
}

/** The blocks of one page, which is a path from the root. */
export function blocksOfPage(page) {
  return blocksOf(page, readFileSync(join(root, page), 'utf8'));
}

/**
 * The blocks of a text. What stands after the language in the first line of a block is for tests, and is not shown:
 *   file=PATH       the block is that file of the repository or, without a folder, a file of an example of the page
 *   in=FOLDER       for contributors: a file of that folder, from which it imports by relative paths
 *   ends=SIGTERM    a service: it runs until the signal, and ends by itself then
 *   skip=REASON     it is not run
 * @returns {{ page: string, line: number, language: string, notes: Record<string, string>, code: string }[]}
 */
export function blocksOf(page, text) {
  const blocks = [];
  for (const found of text.matchAll(/^( *)(```|~~~)([^\n]*)\n(.*?)^\1\2 *$/gms)) {
    const [, indent, , info, body] = found;
    const [language = '', ...rest] = info.trim().split(/ +/);
    const notes = Object.fromEntries(rest.map((note) => note.split(/=(.*)/s).slice(0, 2)));
    const code = indent === '' ? body : body.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    blocks.push({ page, line: text.slice(0, found.index).split('\n').length, language, notes, code });
  }
  return blocks;
}
