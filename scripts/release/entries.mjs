// Every entry point of the installed packages, by import and by require.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../command.mjs';
import { publishedWorkspaces } from '../workspaces.mjs';

/** One check for each entry point that the installed package.json names. */
export function checkEntries(project) {
  return publishedWorkspaces().flatMap(({ manifest: { name } }) => {
    const installed = JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8'));
    return Object.keys(installed.exports).map((entry) => {
      const specifier = name + entry.slice(1);
      return { title: `${specifier} by import and by require`, check: () => load(project, specifier) };
    });
  });
}

/** Both ways give the same names. A JSON file is only required: its import needs an attribute that Node 20 warns about. */
async function load(project, specifier) {
  const required = await names(project, 'commonjs', `require('${specifier}')`);
  if (specifier.endsWith('.json')) return;
  const imported = await names(project, 'module', `await import('${specifier}')`);
  if (imported.length === 0) throw new Error('It exports nothing.');
  // `module.exports`: what a module offers to require() beyond its own names.
  const added = new Set(['__esModule', 'module.exports']);
  const difference = [...new Set([...imported, ...required])].filter(
    (name) => !added.has(name) && imported.includes(name) !== required.includes(name),
  );
  if (difference.length > 0) throw new Error(`Only one of import and require has: ${difference.join(', ')}.`);
}

async function names(project, type, expression) {
  const code = `console.log(JSON.stringify(Object.keys(${expression})))`;
  const args = [`--input-type=${type}`, '--no-warnings', '--eval', code];
  const result = await run(process.execPath, args, { cwd: project, limitMs: 30_000 });
  if (result.code !== 0) throw new Error(result.output);
  return JSON.parse(result.output);
}
