// Builds the page of `benchlab-probe web` with Vite into packages/dashboard/dist/page, when one of its sources is newer.
//   node scripts/build-page.mjs
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './workspaces.mjs';

const dashboard = join(root, 'packages/dashboard');
const made = join(dashboard, 'dist/page/index.html');
const sources = ['page', 'src', '../analysis/src', '../core/src'].map((folder) => join(dashboard, folder));

if (timeOf(made) < newest([...sources, join(root, 'package-lock.json')])) {
  await build({
    configFile: false,
    root: join(dashboard, 'page'),
    base: './',
    logLevel: 'warn',
    resolve: { conditions: ['@benchlab-otel/source', 'module', 'browser'] },
    // Their licences are in page/public/licences.txt.
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
    build: {
      outDir: join(dashboard, 'dist/page'),
      emptyOutDir: true,
      target: 'es2022',
      // The policy of the server refuses what is inlined.
      assetsInlineLimit: 0,
      modulePreload: false,
      reportCompressedSize: false,
    },
  });
}

function newest(paths) {
  return paths.reduce((latest, path) => {
    const names = statSync(path).isDirectory() ? readdirSync(path, { recursive: true }) : [''];
    return names.reduce((time, name) => Math.max(time, timeOf(join(path, name))), latest);
  }, 0);
}

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
