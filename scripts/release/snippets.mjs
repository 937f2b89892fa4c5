// The TypeScript of the pages, compiled as one program.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from '../command.mjs';
import { root } from '../workspaces.mjs';
import { blocksOfPage, pagesOfUsers } from './blocks.mjs';

const compileLimitMs = 120_000;

/** Every snippet of the pages, with a name of its own. One that is a file is checked where that file is: see `blocksOf`. */
export function snippetsOfPages() {
  return pagesOfUsers()
    .flatMap(blocksOfPage)
    .filter(({ language, notes }) => language === 'ts' && notes.file === undefined)
    .map((block) => ({ ...block, name: `${block.page.replace(/\.md$/, '').replaceAll(/\W+/g, '-')}-${block.line}` }));
}

/** The check of a release: all snippets for users compile against what an application has installed. */
export function checkSnippets(project) {
  const snippets = snippetsOfPages().filter(({ notes }) => notes.in === undefined);
  const tsc = join(project, 'node_modules/typescript/bin/tsc');
  const check = () => compileSnippets(join(project, 'snippets'), snippets, tsc);
  return [{ title: `${snippets.length} snippets of the pages compile`, check }];
}

/**
 * Writes the snippets as NAME.ts into a folder from which their imports are found, and compiles all of them at once into
 * NAME.js. Throws with every error.
 */
export async function compileSnippets(folder, snippets, tsc) {
  mkdirSync(folder, { recursive: true });
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023'],
    module: 'nodenext',
    moduleDetection: 'force',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: ['node'],
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  for (const snippet of snippets) writeFileSync(join(folder, `${snippet.name}.ts`), withModules(snippet));
  const args = [tsc, '-p', folder, '--pretty', 'false'];
  const { code, output } = await run(process.execPath, args, { cwd: folder, limitMs: compileLimitMs });
  if (code !== 0) throw new Error(output.trimEnd());
}

/** A snippet for contributors imports its neighbours of the folder that it is for: here they are the compiled ones. */
function withModules({ code, notes }) {
  if (notes.in === undefined) return code;
  const compiled = (path) => resolve(root, notes.in, path).replace('/src/', '/dist/').replace(/\.ts$/, '.js');
  return code.replaceAll(/'(\.\.?\/[^']+\.ts)'/g, (_, path) => `'${compiled(path)}'`);
}
