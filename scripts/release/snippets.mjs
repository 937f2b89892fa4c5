// The TypeScript of the READMEs, compiled against the installed packages.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../command.mjs';
import { publishedWorkspaces, root } from '../workspaces.mjs';

/**
 * A snippet may use names that it does not define (`Cart`, `this.price`): "Cannot find name", "Property does not exist",
 * "Cannot find name, did you mean", "Property does not exist, did you mean" and "has implicitly type any" of what follows
 * from them. Everything else is a fault: an import that is not there, an option of another name, a wrong type.
 */
const allowed = new Set(['TS2304', 'TS2339', 'TS2552', 'TS2551', 'TS7006']);
const compileLimitMs = 60_000;

/** One check for each README that has TypeScript. */
export function checkSnippets(project) {
  const tsc = join(project, 'node_modules/typescript/bin/tsc');
  const pages = ['README.md', ...publishedWorkspaces().map(({ folder }) => `${folder}/README.md`)];
  return pages
    .filter((page) => existsSync(join(root, page)))
    .map((page) => ({ page, snippets: snippetsOf(readFileSync(join(root, page), 'utf8')) }))
    .filter(({ snippets }) => snippets.length > 0)
    .map(({ page, snippets }) => ({
      title: `${snippets.length} snippets of ${page} compile`,
      check: () => compileSnippets(join(project, 'snippets', page.replace(/\W+/g, '-')), snippets, tsc),
    }));
}

/** Writes the snippets into a new folder, from where their imports are found, and throws with every fault. */
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
    noEmit: true,
    types: ['node'],
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['.'] }));
  for (const [index, code] of snippets.entries()) writeFileSync(join(folder, `snippet-${index + 1}.ts`), code);
  const args = [tsc, '-p', folder, '--pretty', 'false'];
  const { code, output } = await run(process.execPath, args, { cwd: folder, limitMs: compileLimitMs });
  const errors = [...output.matchAll(/^.*\berror (TS\d+):.*$/gm)];
  const faults = errors.filter(([, error]) => !allowed.has(error)).map(([line]) => line);
  // A compiler that fails in another way than by errors of types.
  if (code !== 0 && errors.length === 0) throw new Error(output);
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

function snippetsOf(markdown) {
  return [...markdown.matchAll(/^```(?:ts|typescript)\b[^\n]*\n(.*?)^```$/gms)].map(([, code]) => code);
}
