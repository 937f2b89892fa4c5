import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/**
 * The region `<!-- NAME -->` … `<!-- end of NAME -->` of a page of `docs` must have exactly these lines. `vitest -u` writes
 * them, and leaves the rest of the page as it is.
 */
export async function expectPageRegion(page: string, name: string, lines: readonly string[]): Promise<void> {
  const file = fileURLToPath(new URL(`../../../../docs/${page}`, import.meta.url));
  const text = readFileSync(file, 'utf8');
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/${page} has no region ${start.trim()} … ${end}.`);
  const changed = `${text.slice(0, from + start.length)}${lines.join('\n')}\n${text.slice(to)}`;
  await expect(changed).toMatchFileSnapshot(file);
}
