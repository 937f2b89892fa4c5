import { build } from 'esbuild';

await build({
  entryPoints: ['shop.ts'],
  outfile: 'dist/shop.mjs',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20', // esnext would leave decorators as they are, and Node does not know them
  packages: 'external', // what npm installed is loaded from node_modules
  minify: true,
  keepNames: true, // else Orders.run and Users.run are one series
});
