import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { textOfProgram } from '../../scripts/english-text.mjs';

const script = fileURLToPath(new URL('../../scripts/check-english.mjs', import.meta.url));
// Written in parts, or the check would find them here.
const told = ['to', 'ld'].join('');
const soLong = ['so', 'long'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'benchlab-english-'));
  await writeFile(join(folder, 'none.mjs'), 'export const exceptions = [];');
});
afterEach(() => rm(folder, { recursive: true }));

async function check(files: Record<string, string>, exceptions = 'none.mjs'): Promise<{ code: number; text: string }> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return new Promise((resolve) => {
    execFile(process.execPath, [script, folder, join(folder, exceptions)], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, text: stdout + stderr });
    });
  });
}

test('words are found wherever people read them', async () => {
  const cases = {
    'comment/src/a.ts': `// It is ${told}.\n`,
    'comment of several lines/src/a.ts': `/**\n * For ${soLong.join('\n * ')} as\n */\n`,
    'line comments that break within the words/a.mjs': `// For ${soLong.join('\n// ')}\n`,
    'message/src/a.ts': `throw new Error('It was ${told}.');\n`,
    'template with an insertion/src/a.ts': `const text = \`\${{ a: '}' }} was ${told}\`;\n`,
    'title of a test/src/a.test.ts': `test("that is ${told}", () => {});\n`,
    'after a regular expression with a quote/src/a.ts': `x.replace(/['"/]/g, ''); // ${told}\n`,
    'document/a.md': `What is ${told}\n`,
    'quotation/a.md': `> for ${soLong.join('\n> ')}\n`,
    '.changeset/quiet-fans-sing.md': `It is ${told}.\n`,
    'configuration file/agent.yaml': `# ${told}\n`,
    'capital letters/a.md': `${told.toUpperCase()} first\n`,
    'next release/CHANGELOG.md': `- ${told}\n\n## 0.1.0\n`,
  };
  const { code, text } = await check(cases);

  expect(code).toBe(1);
  for (const [path, source] of Object.entries(cases)) {
    const line = source.split(new RegExp(`${told}|so\\b`, 'i'))[0]?.split('\n').length;
    expect(text).toContain(`${path}:${line}: "`);
  }
  expect(text).toContain(`${Object.keys(cases).length} words to replace.`);
});

test('code, data, generated files and past releases are not read', async () => {
  const { code, text } = await check({
    'names in code/src/a.ts': `const ${told} = 1;\nexport const b = ${told} / 2;\n`,
    'parts of other words/src/a.ts': `// be${told}en, ${told}er\n`,
    'two strings/src/a.ts': `const both = ['${soLong[0]}', '${soLong[1]}'];\n`,
    'node_modules/a/index.js': `// ${told}\n`,
    'packages/a/dist/index.js': `// ${told}\n`,
    'recordings/a.json': `{ "a": "${told}" }\n`,
    'generated/contracts.md': `<!-- Generated from src by render. -->\n${told}\n`,
    LICENSE: `${told}\n`,
    'CHANGELOG.md': `# Changelog\n\n## 0.1.0\n\n- ${told}\n`,
  });

  expect(text).toContain('nothing found');
  expect(code).toBe(0);
});

test('an exception holds for its line only, and one that matches nothing is a fault', async () => {
  const exceptions = [
    { path: 'a.md', text: 'fortune', reason: 'A quotation.' },
    { path: 'a.md', text: 'gone', reason: 'Was there once.' },
  ];
  await writeFile(join(folder, 'some.mjs'), `export const exceptions = ${JSON.stringify(exceptions)};`);

  const { code, text } = await check({ 'a.md': `fortune ${told}\nlie ${told}\n` }, 'some.mjs');

  expect(code).toBe(1);
  expect(text).not.toContain('a.md:1:');
  expect(text).toContain('a.md:2:');
  expect(text).toContain('"gone" in a.md matches no finding');
});

test('a program whose string does not end is a fault, not a clean file', async () => {
  expect(await check({ 'a.ts': 'const a = `never ends;\n' })).toMatchObject({
    code: 1,
    text: expect.stringContaining('a.ts: The text could not be taken out'),
  });
});

test('the text of a program keeps every position, and hides code', () => {
  const source = `const a = b / c; // one\nconst d = \`two\${e('three')}four\` + 'five'; /* six */\n`;
  const text = textOfProgram(source);

  expect(text.trim().split(/\s+/)).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  for (const word of text.trim().split(/\s+/)) expect(text.indexOf(word)).toBe(source.indexOf(word));
  expect(text).toHaveLength(source.length);
});
