// Every entry point of the installed packages: by import, by require, and its CommonJS build by itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../command.mjs';
import { publishedWorkspaces } from '../workspaces.mjs';

/** One check for each entry point that the installed package.json names. */
export function checkEntries(project) {
  return publishedWorkspaces().flatMap(({ manifest: { name } }) => {
    const installed = JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8'));
    return Object.entries(installed.exports).map(([entry, conditions]) => {
      const specifier = name + entry.slice(1);
      if (entry === './register')
        return { title: `node --import ${specifier}`, check: () => runUnder(project, specifier) };
      // Node takes the ES modules for require() too; other tools take this file.
      const commonJs = conditions.require && join(project, 'node_modules', name, conditions.require.default);
      return {
        title: `${specifier} by import and by require, and its CommonJS build`,
        check: () => load(project, specifier, commonJs),
      };
    });
  });
}

/** All ways give the same names. A JSON file is only required: its import needs an attribute. */
async function load(project, specifier, commonJs) {
  const required = await names(project, 'commonjs', `require('${specifier}')`);
  if (specifier.endsWith('.json')) return;
  if (!commonJs) throw new Error('It has no CommonJS build.');
  const ofBuild = await names(project, 'commonjs', `require('${commonJs}')`);
  const imported = await names(project, 'module', `await import('${specifier}')`);
  if (imported.length === 0) throw new Error('It exports nothing.');
  // `module.exports`: what a module offers to require() beyond its own names.
  const added = new Set(['__esModule', 'module.exports']);
  for (const others of [required, ofBuild]) {
    const difference = [...new Set([...imported, ...others])].filter(
      (name) => !added.has(name) && imported.includes(name) !== others.includes(name),
    );
    if (difference.length > 0) throw new Error(`Only one of import and require has: ${difference.join(', ')}.`);
  }
}

/** A module that is for `node --import` alone. It has no names: it starts, and a program runs under it. */
async function runUnder(project, specifier) {
  const page = { OTEL_METRICS_EXPORTER: 'prometheus', OTEL_EXPORTER_PROMETHEUS_PORT: '0' };
  const env = { ...process.env, OTEL_TRACES_EXPORTER: 'none', ...page };
  const args = ['--import', specifier, '--eval', 'console.log("runs")'];
  const { code, output } = await run(process.execPath, args, { cwd: project, env, limitMs: 30_000 });
  const lines = output.trim().split('\n');
  if (code !== 0 || !lines.includes('runs') || output.includes('did not start'))
    throw new Error(`node ${args.join(' ')}: exit ${code}\n${output}`);
}

async function names(project, type, expression) {
  const code = `console.log(JSON.stringify(Object.keys(${expression})))`;
  const args = [`--input-type=${type}`, '--no-warnings', '--eval', code];
  const result = await run(process.execPath, args, { cwd: project, limitMs: 30_000 });
  if (result.code !== 0) throw new Error(result.output);
  return JSON.parse(result.output);
}
