import { defineConfig } from 'vite';

export default defineConfig({
  build: { ssr: 'shop.ts', outDir: 'dist', target: 'node20', minify: 'esbuild' },
  esbuild: { keepNames: true }, // else Orders.run and Users.run are one series
});
