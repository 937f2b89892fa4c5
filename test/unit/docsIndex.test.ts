import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { pagesOfUsers } from '../../scripts/release/blocks.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (page: string) => readFileSync(join(root, page), 'utf8');
/** As GitHub makes anchors: small letters, without punctuation, spaces as hyphens. */
const anchor = (title: string) =>
  title
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
const withoutCode = (text: string) => text.replaceAll(/^( *)(```|~~~).*?^\1\2/gms, '').replaceAll(/`[^`\n]*`/g, '');

test('the index names every page, and every folder of pages', () => {
  const names = readdirSync(join(root, 'docs'), { withFileTypes: true })
    .filter((entry) => (entry.isDirectory() ? entry.name !== 'images' : /(?<!^README)\.md$/.test(entry.name)))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/README.md` : entry.name));
  const index = read('docs/README.md');

  expect(names.filter((name) => !index.includes(`](${name})`))).toEqual([]);
});

test.each(pagesOfUsers())('the links of %s lead to files and titles that there are', (page) => {
  const broken = [...withoutCode(read(page)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(
    ([link, path = '', title]) => {
      const target = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(root, target))) return [link];
      if (title === undefined || !target.endsWith('.md')) return [];
      const titles = [...read(target).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => anchor(text.replaceAll('`', '')));
      return titles.includes(title) ? [] : [link];
    },
  );

  expect(broken).toEqual([]);
});

test('the README of a package leads only to what npm shows, or to whole addresses', () => {
  const leading = pagesOfUsers()
    .filter((page) => /^packages\/[^/]+\/README\.md$/.test(page))
    .flatMap((page) =>
      [...withoutCode(read(page)).matchAll(/\]\((\.\.\/[^)]*)\)/g)].map(([link]) => `${page} ${link}`),
    );

  expect(leading).toEqual([]);
});
