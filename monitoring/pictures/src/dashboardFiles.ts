import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type DashboardModel, readDashboard } from './model.ts';

export interface DashboardFile {
  readonly name: string;
  readonly model: DashboardModel;
}

/** The dashboards of a folder and of those in it, by name. A name that is asked for and missing is an error. */
export function dashboardFiles(folder: string, only: readonly string[]): DashboardFile[] {
  const paths = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort((left, right) => basename(left).localeCompare(basename(right)));
  const names = paths.map((path) => basename(path, '.json'));
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new RangeError(`There is no dashboard ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  return paths
    .filter((path) => only.length === 0 || only.includes(basename(path, '.json')))
    .map((path) => ({ name: basename(path, '.json'), model: readDashboard(readFileSync(path, 'utf8'), path) }));
}
