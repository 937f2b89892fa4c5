import { defineConfig } from 'vite';

export default defineConfig(({ mode }) => ({
  build: { ssr: 'shop.ts', target: 'node20' },
  ssr: { noExternal: mode === 'inside' ? ['@benchlab-otel/sdk'] : [] },
}));
