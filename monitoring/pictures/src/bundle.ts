import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The page as one script and one style sheet. */
export async function bundledPage(): Promise<{ readonly script: string; readonly style: string }> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../page/page.tsx', import.meta.url))],
    outdir: 'unused',
    bundle: true,
    write: false,
    format: 'iife',
    jsx: 'automatic',
    minify: true,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.svg': 'text', '.woff2': 'empty', '.ttf': 'empty', '.png': 'empty' },
  });
  const textOf = (extension: string) => outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? '';
  return { script: textOf('.js'), style: textOf('.css') };
}
