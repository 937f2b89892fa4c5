import { baselineOf } from '@benchlab-otel/dashboard';
import type { PageSetup } from '@benchlab-otel/dashboard/web';
import type { CommandHost } from '../host/commandHost.ts';
import { builtKernels } from '../live/builtKernels.ts';
import { liveThemes } from '../live/liveThemes.ts';

/** What a page and a snapshot are made of. */
export interface ShownOptions {
  readonly input: readonly string[];
  readonly theme?: string;
  readonly baseline: readonly string[];
  readonly kernels?: string;
  readonly flow?: string;
}

/** @throws BenchlabError for a theme, a baseline, a flow or a list of kernels that cannot be used */
export async function pageSetup({ clock }: CommandHost, options: ShownOptions): Promise<PageSetup> {
  const { theme, kernels, flow } = options;
  const themes = await liveThemes(theme ?? 'dark');
  const baselines = [];
  for (const path of options.baseline) baselines.push(await baselineOf(path, clock));
  return {
    themes,
    ...(theme === undefined ? {} : { theme: themes[0].name }),
    baselines,
    ...(kernels === undefined ? {} : { kernels: await builtKernels(kernels) }),
    ...(flow === undefined ? {} : { flow: await flowPlan(flow) }),
  };
}

/** Loaded for a flow alone: its reader brings YAML. */
async function flowPlan(path: string) {
  const { readFlowFile } = await import('../flow/readFlowFile.ts');
  return readFlowFile(path);
}
