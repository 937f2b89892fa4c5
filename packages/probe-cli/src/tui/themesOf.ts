import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadTheme } from '@benchlab-otel/dashboard';
import type { Theme } from '@benchlab-otel/dashboard/model';

const ownThemes = ['dark', 'light', 'release'] as const;
/** Where themes of a user are, from the folder of the command. */
const usersFolder = join('assets', 'dashboards', 'themes');

/** The wanted theme, and then the others of the package. @throws BenchlabError when it cannot be used */
export async function themesOf(wanted: string): Promise<readonly [Theme, ...Theme[]]> {
  const dark = createRequire(import.meta.url).resolve('@benchlab-otel/dashboard/assets/dashboards/themes/dark.json');
  const folders = [usersFolder, dirname(dark)];
  const first = await loadTheme(wanted, folders);
  const others = await Promise.all(ownThemes.map((name) => loadTheme(name, folders.slice(1))));
  return [first, ...others.filter(({ name }) => name !== first.name)];
}
