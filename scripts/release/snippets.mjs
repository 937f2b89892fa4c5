// The TypeScript of the READMEs, compiled against the installed packages.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedWorkspaces, root } from '../workspaces.mjs';

/**
 * A snippet may use names that it does not define (`Cart`, `this.price`): "Cannot find name", "Property does not exist",
 * "Cannot find name, did you mean", "Property does not exist, did you mean" and "has implicitly type any" of what follows
 * from them. Everything else is a fault: an import that is not there, an option of another name, a wrong type.
 */
const allowed = new Set(['TS2304', 'TS2339', 'TS2552', 'TS2551', 'TS7006']);

/** One check for each README that has TypeScript. */
export function checkSnippets(project, good) {
  const pages = ['README.md', ...publishedWorkspaces().map(({ folder }) => `${folder}/README.md`)];
  return pages
    .filter((page) => existsSync(join(root, page)))
    .map((page) => ({ page, snippets: snippetsOf(readFileSync(join(root, page), 'utf8')) }))
    .filter(({ snippets }) => snippets.length > 0)
    .map(({ page, snippets }) => ({
      title: `${snippets.length} snippets of ${page} compile`,
      check: () => compile(join(project, 'snippets', page.replace(/\W+/g, '-')), snippets, good, project),
    }));
}

function snippetsOf(markdown) {
  return [...markdown.matchAll(/^```(?:ts|typescript)\b[^\n]*\n(.*?)^```$/gms)].map(([, code]) => code);
}

async function compile(folder, snippets, good, project) {
  mkdirSync(folder, { recursive: true });
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023'],
    module: 'nodenext',
    moduleDetection: 'force',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: ['node'],
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['.'] }));
  for (const [index, code] of snippets.entries()) writeFileSync(join(folder, `snippet-${index + 1}.ts`), code);
  const tsc = join(project, 'node_modules/typescript/bin/tsc');
  const failure = await good(process.execPath, [tsc, '-p', folder, '--pretty', 'false']).then(
    () => '',
    ({ message }) => message,
  );
  const faults = failure.split('\n').filter((line) => {
    const code = /\berror (TS\d+):/.exec(line)?.[1];
    return code !== undefined && !allowed.has(code);
  });
  // A compiler that fails in another way than by reporting errors of types.
  if (failure !== '' && !/\berror TS\d+:/.test(failure)) throw new Error(failure);
  if (faults.length > 0) throw new Error(faults.join('\n'));
}
