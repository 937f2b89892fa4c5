import { readFileSync } from 'node:fs';

/** The version of this package. Here, because the path of package.json must be the same in a bundle. */
export function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string }; // our own package.json
  return version;
}
