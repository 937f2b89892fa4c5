import { build } from 'esbuild';

const options = {
  entryPoints: ['shop.ts'],
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  keepNames: true,
};
// Packages of CommonJS call require(), which an ES module does not have.
const js = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
await build({ ...options, format: 'esm', outfile: 'dist/shop.mjs', banner: { js } });
await build({ ...options, format: 'cjs', outfile: 'dist/shop.cjs' });
