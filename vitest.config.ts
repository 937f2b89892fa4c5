import { defineConfig } from 'vitest/config';

// Workspace packages are tested from their sources, as the compiler resolves them (tsconfig.json, customConditions).
// Nothing else is added: with `import` or `module` here, dependencies load builds that plain Node would not.
const conditions = ['@benchlab-otel/source', 'node'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // A worker for each core: by default Vitest leaves a core free, and two cores would have one worker.
    maxWorkers: '100%',
    // Only what hangs reaches them: six processes on two cores make a test up to ten times slower than on a quiet machine.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'packages/sdk/test/compilers/*.test.ts',
            'monitoring/src/**/*.test.ts',
            'monitoring/pictures/src/**/*.test.ts',
            'test/unit/**/*.test.ts',
            'test/security/*.test.ts',
          ],
        },
      },
      // One behaviour suite, run under each decorator mode: only the thin files here carry decorators.
      { extends: true, test: { name: 'std', include: ['packages/sdk/test/std/**/*.test.ts'] } },
      { extends: true, test: { name: 'legacy', include: ['packages/sdk/test/legacy/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'stack',
          include: ['test/stack/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      // Started by scripts/scale/*.mjs alone: minutes each, and some need the servers of `npm run stack:install -- scale`.
      {
        extends: true,
        test: {
          name: 'scale',
          include: ['test/scale/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
