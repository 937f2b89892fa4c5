import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadTheme } from '@benchlab-otel/dashboard';
import type { Theme } from '@benchlab-otel/dashboard/model';

const ownThemes = ['dark', 'light', 'release'] as const;
/** Where themes of a user are, from the folder of the command. */
const usersFolder = join('assets', 'dashboards', 'themes');
/** Of the package, which is found by one of its files. */
const packageFolder = dirname(
  createRequire(import.meta.url).resolve('@benchlab-otel/dashboard/assets/dashboards/themes/dark.json'),
);

/** Where the build of the package has put the page of `benchlab-probe web`. */
export const pageFolder: string = join(packageFolder, '../../../dist/page');

/** The wanted theme, and then the others of the package. @throws BenchlabError when it cannot be used */
export async function liveThemes(wanted: string): Promise<readonly [Theme, ...Theme[]]> {
  const folders = [usersFolder, packageFolder];
  const first = await loadTheme(wanted, folders);
  const others = await Promise.all(ownThemes.map((name) => loadTheme(name, folders.slice(1))));
  return [first, ...others.filter(({ name }) => name !== first.name)];
}
