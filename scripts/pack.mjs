// Packs published packages, as they are published.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundleTarball } from './bundle.mjs';
import { run } from './command.mjs';
import { publishedWorkspaces } from './workspaces.mjs';

/**
 * The tarballs by package name, written into an empty folder. All published packages unless some are given.
 * @param {{ bundles?: boolean }} options without bundles, Node loads the modules: for tests that import single ones
 */
export async function packAll(into, packages = publishedWorkspaces(), { bundles = true } = {}) {
  const chosen = packages.flatMap(({ folder }) => ['--workspace', folder]);
  const { code, output } = await run('npm', ['pack', '--silent', '--pack-destination', into, ...chosen]);
  if (code !== 0) throw new Error(`npm pack failed:\n${output}`);
  const files = readdirSync(into);
  const tarballs = packages.map(({ manifest: { name, version } }) => {
    const file = `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`;
    if (!files.includes(file)) throw new Error(`npm pack left no ${file}: it wrote ${files.join(', ')}.`);
    return [name, join(into, file)];
  });
  if (bundles) await Promise.all(tarballs.map(([, tarball]) => bundleTarball(tarball)));
  for (const [name, tarball] of tarballs) await refuseUnwanted(name, tarball);
  return new Map(tarballs);
}

/** What the compiler keeps for itself, and what only tests use. */
const unwanted = /\/\.tsbuildinfo$|\.(?:test|suite)\.|\/cases\/|\/node_modules\//;

/**
 * The files of a package that must not be published.
 * @param {readonly string[]} paths
 */
export const unwantedOf = (paths) => paths.filter((path) => unwanted.test(path));

async function refuseUnwanted(name, tarball) {
  const { code, output } = await run('tar', ['--list', '--gzip', '--file', tarball]);
  if (code !== 0) throw new Error(`tar failed for ${tarball}:\n${output}`);
  const found = unwantedOf(output.split('\n'));
  if (found.length > 0) throw new Error(`${name} would be published with ${found.slice(0, 5).join(', ')}.`);
}

/** Our packages that one of them depends on, with itself. */
export function needed(name, found = new Map()) {
  const workspace = publishedWorkspaces().find(({ manifest }) => manifest.name === name);
  if (workspace === undefined || found.has(name)) return [...found.values()];
  found.set(name, workspace);
  for (const each of Object.keys(workspace.manifest.dependencies ?? {})) needed(each, found);
  return [...found.values()];
}
