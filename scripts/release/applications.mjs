// The applications of test/applications: each is a folder with a package.json, whose script `app` compiles and runs it, and
// with the lines that it must print, in their order (`expected`). `from` in its package.json names what it shares with others.
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { run } from '../command.mjs';
import { needed } from '../pack.mjs';
import { root } from '../workspaces.mjs';

const folder = join(root, 'test/applications');
/** An installation from a cold cache takes a minute. */
const installLimitMs = 240_000;
/** Compilers and test runners take seconds on a quiet machine, and minutes beside other work: this is the bound of a hang. */
const appLimitMs = 300_000;
const ownScope = '@benchlab-otel/';

/** All applications by name: `{ name, manifest }`. */
export function applications() {
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .sort()
    .map((name) => ({ name, manifest: JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) }));
}

/**
 * Installations that are as few as the versions allow: applications share one where they agree in every version.
 * @returns {{ names: string[], dependencies: Record<string, string> }[]}
 */
export function installations(apps) {
  const made = [];
  for (const { name, manifest } of apps) {
    const own = Object.entries(manifest.dependencies);
    const fits = ({ dependencies }) => own.every(([key, version]) => (dependencies[key] ?? version) === version);
    const found = made.find(fits);
    if (found) {
      found.names.push(name);
      Object.assign(found.dependencies, manifest.dependencies);
    } else made.push({ names: [name], dependencies: { ...manifest.dependencies } });
  }
  return made;
}

/** Installs into an empty folder. Our packages come from the tarballs, with those that they need. */
export async function install(project, dependencies, tarballs) {
  mkdirSync(project, { recursive: true });
  const names = Object.keys(dependencies).filter((name) => name.startsWith(ownScope));
  const ours = names
    .flatMap((name) => needed(name))
    .map(({ manifest }) => [manifest.name, `file:${tarballs.get(manifest.name)}`]);
  const all = { ...dependencies, ...Object.fromEntries(ours) };
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'applications', private: true, dependencies: all }),
  );
  const args = ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await run('npm', args, { cwd: project, limitMs: installLimitMs });
  if (code !== 0) throw new Error(`npm install failed (exit ${code}):\n${output}`);
  const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
  for (const [path, { resolved = '' }] of Object.entries(packages)) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (tarballs.has(name) && !resolved.startsWith('file:'))
      throw new Error(`${path} was not installed from its tarball.`);
  }
}

/** Compiles and runs an application below an installation. Throws with what it printed. */
export async function runApplication(project, { name, manifest }, node) {
  const target = join(project, `${name}-${node.name}`);
  const { from = [], scripts } = manifest;
  for (const each of [...from, name]) {
    const source = join(folder, each);
    cpSync(source, statSync(source).isDirectory() ? target : join(target, basename(each)), { recursive: true });
  }
  const bin = [target, project].map((each) => join(each, 'node_modules/.bin'));
  const path = [...bin, dirname(node.program), process.env.PATH].join(delimiter);
  const { FORCE_COLOR: _, ...env } = process.env;
  const result = await run('sh', ['-c', scripts.app], {
    cwd: target,
    env: { ...env, PATH: path, NO_COLOR: '1', CI: '1' },
    limitMs: appLimitMs,
  });
  if (result.code !== 0) throw new Error(`${scripts.app}: exit ${result.code}\n${result.output}`);
  const missing = missingLine(readFileSync(join(target, 'expected'), 'utf8'), result.output);
  if (missing !== undefined)
    throw new Error(`It did not print, after the lines before it: ${missing}\n${result.output}`);
}

/** The first expected line that does not come in its turn; other lines may stand between them. */
export function missingLine(expected, output) {
  const waiting = linesOf(expected);
  for (const line of linesOf(output)) if (line === waiting[0]) waiting.shift();
  return waiting[0];
}

function linesOf(text) {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim());
}
