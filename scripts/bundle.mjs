// Bundles the ES modules of a packed package for Node: an application that imports the sdk loads five files instead of 120, which
// takes a fifth of the CPU time. Bundlers for browsers keep the modules, to leave out what is not used, and Jest the CommonJS build.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix, relative } from 'node:path';
import { build } from 'vite';
import { run } from './command.mjs';

/** Replaces a tarball by one with `dist/bundle`, which its package.json gives to Node. */
export async function bundleTarball(tarball) {
  const scratch = mkdtempSync(join(tmpdir(), 'benchlab-bundle-'));
  try {
    await good('tar', ['--extract', '--gzip', '--file', tarball, '--directory', scratch]);
    const folder = join(scratch, 'package');
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    await bundleModules(folder, modulesOf(manifest));
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(withBundle(manifest), null, 2)}\n`);
    await good('npm', ['pack', folder, '--silent', '--pack-destination', dirname(tarball)]);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** The modules by which a package is entered: `./dist/index.js`. */
function modulesOf({ exports, imports = {} }) {
  const entries = Object.values(exports).flatMap((conditions) => (conditions.require ? [conditions.default] : []));
  return [...entries, ...Object.values(imports)];
}

/**
 * One file for each entry module and for what is loaded later, and those that they share. Other packages and Node's own modules
 * stay outside.
 */
async function bundleModules(folder, modules) {
  const input = modules.map((module) => [module.replace(/^\.\/dist\/|\.js$/g, ''), join(folder, module)]);
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    plugins: [{ name: 'own-addresses', resolveImportMeta: addressOf(folder) }],
    build: {
      ssr: true,
      target: 'es2022',
      minify: false,
      outDir: 'dist/bundle',
      rollupOptions: {
        input: Object.fromEntries(input),
        external: (id) => !/^[./]/.test(id),
        preserveEntrySignatures: 'strict',
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
}

/**
 * A module keeps its address, by which it finds the files of its package that are not modules. In a form that webpack does not take
 * for a file to copy; undefined where the bundler of an application makes CommonJS of it, as in the module itself.
 */
export function addressOf(folder) {
  return (property, { chunkId, moduleId }) => {
    if (property !== 'url') return null;
    const path = posix.relative(posix.join('dist/bundle', dirname(chunkId)), relative(folder, moduleId));
    return `(import.meta.url && ((bundle) => new URL(${JSON.stringify(path)}, bundle).href)(import.meta.url))`;
  };
}

/**
 * The manifest with the bundle for Node, also by `require()` there, and for tools that bundle or test a program of Node. Bundlers
 * for browsers have no condition `node`, and Jest neither of the first two within `require`.
 * @param {Record<string, any>} manifest
 */
export function withBundle(manifest) {
  const bundled = (module) => module.replace('./dist/', './dist/bundle/');
  const exports = mapValues(manifest.exports, (conditions) => {
    if (!conditions.require) return conditions;
    const { default: modules, ...others } = conditions;
    const node = bundled(modules);
    const require = { ...conditions.require, 'module-sync': node, module: { node, default: modules } };
    return { ...others, require, node, default: modules };
  });
  return { ...manifest, exports, ...(manifest.imports && { imports: mapValues(manifest.imports, bundled) }) };
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

async function good(command, args) {
  const { code, output } = await run(command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${output}`);
}
