import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { BenchlabError, messageOf, OptionError } from '@benchlab-otel/core';
import { baselineOf, type DashboardInput, loadTheme, openInput } from '@benchlab-otel/dashboard';
import type { BuiltKernels } from '@benchlab-otel/dashboard/model';
import type { PageSetup } from '@benchlab-otel/dashboard/web';
import { parseKernelFile } from '@benchlab-otel/wire';
import type { CommandHost } from '../host/commandHost.ts';

/** What a page and a snapshot are made of. */
export interface ShownOptions {
  readonly input: readonly string[];
  readonly theme?: string;
  readonly baseline: readonly string[];
  readonly kernels?: string;
}

const themeFolder = 'assets/dashboards/themes';
/** The package of the dashboard: its themes and its page are files of it. */
const packageFolder = folderAbove(createRequire(import.meta.url).resolve('@benchlab-otel/dashboard'));

/** Where the build has put the page. */
export const pageFolder: string = join(packageFolder, 'dist/page');

/** The inputs that a command line names. @throws OptionError, also where there are none */
export function shownInputs({ clock, input }: CommandHost, given: readonly string[]): readonly DashboardInput[] {
  if (given.length === 0) {
    const fix = 'Write --input telemetry.jsonl, --input agent, or --input with the folder of a session.';
    throw new BenchlabError('BAD_OPTION', 'No input is named.', fix);
  }
  const twice = given.find((each, at) => given.indexOf(each) !== at);
  if (twice !== undefined) throw new OptionError({ option: '--input', value: twice, allowed: 'named once' });
  return given.map((address) => openInput(address, { clock, stdin: () => input.stream() }));
}

/** @throws BenchlabError for a theme, a baseline or a list of kernels that cannot be used */
export async function pageSetup({ clock }: CommandHost, options: ShownOptions): Promise<PageSetup> {
  const { theme, kernels } = options;
  const folders = [themeFolder, join(packageFolder, themeFolder)];
  const themes = await Promise.all(['dark', 'light', 'release'].map((name) => loadTheme(name, folders.slice(1))));
  const chosen = theme === undefined ? undefined : await loadTheme(theme, folders);
  const baselines = [];
  for (const path of options.baseline) baselines.push(await baselineOf(path, clock));
  return {
    themes: chosen === undefined ? themes : [chosen, ...themes.filter(({ name }) => name !== chosen.name)],
    ...(chosen === undefined ? {} : { theme: chosen.name }),
    baselines,
    ...(kernels === undefined ? {} : { kernels: await kernelsOf(kernels) }),
  };
}

/** An entry is in `dist` or in `cjs/dist`, as the caller loads it. */
function folderAbove(entry: string): string {
  let folder = dirname(entry);
  while (!existsSync(join(folder, themeFolder)) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

async function kernelsOf(path: string): Promise<BuiltKernels> {
  const fix = 'Name the kernels.json that benchlab-probe cycle wrote.';
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BenchlabError('BAD_OPTION', `${path} cannot be read: ${messageOf(cause)}.`, fix, { cause });
  });
  const file = parseKernelFile(text);
  if ('list' in file) return file.list;
  throw new BenchlabError('BAD_OPTION', `${path} is not a list of kernels: ${file.reason}.`, fix);
}
