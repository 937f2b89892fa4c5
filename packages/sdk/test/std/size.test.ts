import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test, vi } from 'vitest';

// Building takes a second of CPU; much longer on a machine that other processes keep busy.
vi.setConfig({ testTimeout: 60_000 });

const index = new URL('../../src/index.ts', import.meta.url).pathname;

/** What a bundler makes of a module, with everything of this package that it needs. */
async function bundle(source: string): Promise<string> {
  const entry = 'virtual:entry';
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    // As in every build for production.
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: 'entry',
        enforce: 'pre',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? source : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      minify: 'esbuild',
      modulePreload: false,
      rollupOptions: { input: entry, external: ['@opentelemetry/api'], preserveEntrySignatures: 'strict' },
    },
  });
  const [output] = [result].flat();
  if (output === undefined || !('output' in output)) throw new Error('nothing was built');
  return output.output.map((file) => (file.type === 'chunk' ? file.code : '')).join('');
}

const gzipBytes = async (source: string) => gzipSync(await bundle(source)).byteLength;

// Other libraries take 0.8 to 35 kB for less. Before a limit is raised: who needs the new bytes, and for what?
// 1.2 kB of them end calls whose result has no end, is started in another way than by `then`, or comes in a promise; 0.2 kB count
// results of @Gauged that are not numbers, and 0.3 kB keep series of different functions apart and let marks of one function agree.
test.each([
  ['spans', '{ Span, spanned, withSpan }', 6_870],
  ['spans and metrics', '{ Span, spanned, withSpan, Timed, timed, Counted, counted }', 8_200],
  ['every mark', '{ Span, withSpan, Timed, Counted, InFlight, Gauged, Observed, Traced, Untraced }', 8_870],
])('an application that uses %s bundles a few kilobytes', async (_name, names, limit) => {
  const bytes = await gzipBytes(`export ${names} from ${JSON.stringify(index)};`);
  expect(bytes).toBeGreaterThan(1_000);
  expect(bytes).toBeLessThan(limit);
});

test('an application that uses nothing bundles nothing', async () => {
  const code = await bundle(`import { Span } from ${JSON.stringify(index)}; export const used = 1;`);
  expect(code.length).toBeLessThan(100);
});
