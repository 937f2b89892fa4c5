import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../collector-config/', import.meta.url);

/** The path of a file that users get. */
export function shipped(name: string): string {
  return fileURLToPath(new URL(name, folder));
}

/** Every configuration of a collector that is shipped, by its path in collector-config. A new one is tested without a change here. */
export function collectorConfigs(): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) =>
        path.endsWith('.yaml') && /^service:\n(?: .*\n|\n)*? {2}pipelines:/m.test(readFileSync(shipped(path), 'utf8')),
    )
    .sort();
}
