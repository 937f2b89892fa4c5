import { extname } from 'node:path';
import { didYouMean, OptionError } from '@benchlab-otel/core';
import { type DashboardInput, Feed } from '@benchlab-otel/dashboard';
import { Dashboard, rowsCsv, type ViewOptions, type ViewWindow } from '@benchlab-otel/dashboard/model';
import { pictureSvg, reportHtml, type Snapshot, snapshotOf } from '@benchlab-otel/dashboard/report';
import type { PageSetup } from '@benchlab-otel/dashboard/web';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { liveInputs } from '../live/liveInputs.ts';
import { readingCode, readToEnd } from '../live/readToEnd.ts';
import { type OutputFile, prepareOutputFile } from '../run/outputFile.ts';
import { pageSetup, type ShownOptions } from '../web/webDashboard.ts';
import { pngOf } from './pngOf.ts';

export interface SnapshotOptions extends ShownOptions {
  readonly out: readonly string[];
  readonly window?: WindowWord;
  readonly node?: string;
  readonly filter?: string;
}

/** The words of `--window`. */
type WindowWord = '30s' | '1m' | '5m' | '15m' | 'all';
const windows: Readonly<Record<WindowWord, ViewWindow>> = {
  '30s': 30_000,
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  all: 'all',
};

interface Shown {
  readonly snapshot: Snapshot;
  readonly dashboard: Dashboard;
  readonly options: ViewOptions;
  readonly nowMs: number;
  readonly theme: PageSetup['themes'][number];
}

type Form = (shown: Shown) => string | Uint8Array;

/** By the end of a name. */
const forms: Readonly<Record<string, Form>> = {
  '.html': ({ snapshot, theme }) => reportHtml(snapshot, theme),
  '.svg': ({ snapshot, theme }) => pictureSvg(snapshot, theme),
  '.png': ({ snapshot, theme }) => pngOf(pictureSvg(snapshot, theme)),
  '.csv': ({ dashboard, options, nowMs }) => rowsCsv(dashboard.rows(options, nowMs)),
};

/** Reads what the inputs hold, and writes what a dashboard shows of it into files. */
export async function runSnapshot(host: CommandHost, options: SnapshotOptions): Promise<number> {
  const inputs = liveInputs(host, options.input, 'Write --input telemetry.jsonl, or the folder of a session.', false);
  const files = await outputsOf(options.out);
  const { themes, kernels, baselines, flow } = await pageSetup(host, options);
  const [baseline, ...more] = baselines;
  if (more.length > 0) throw new OptionError({ option: '--baseline', value: options.baseline, allowed: 'given once' });
  const dashboard = new Dashboard({
    ...(kernels && { kernels }),
    ...(baseline && { baseline }),
    ...(flow && { flow }),
  });
  await read(host, dashboard, inputs);
  const { window, node, filter } = options;
  const shown = {
    ...(window !== undefined && { window: windows[window] }),
    ...(node !== undefined && { node }),
    ...(filter !== undefined && { filter }),
  };
  const nowMs = Date.now();
  const snapshot = snapshotOf(dashboard, shown, nowMs);
  const code = readingCode(host, snapshot.view);
  if (code !== exitCode.pass) return code;
  const [theme] = themes;
  if (theme === undefined) return exitCode.trouble;
  for (const { file, form } of files) {
    const made = form({ snapshot, dashboard, options: shown, nowMs, theme });
    await file.write(typeof made === 'string' ? made : piece(made));
  }
  return exitCode.pass;
}

function read(host: CommandHost, dashboard: Dashboard, inputs: readonly DashboardInput[]): Promise<void> {
  return readToEnd(
    host,
    dashboard,
    new Feed(dashboard, inputs),
    inputs.map(({ name }) => name),
  );
}

async function outputsOf(
  paths: readonly string[],
): Promise<readonly { readonly file: OutputFile; readonly form: Form }[]> {
  const ends = Object.keys(forms);
  if (paths.length === 0) {
    throw new OptionError({
      option: '--out',
      value: undefined,
      allowed: `a file with one of these ends: ${ends.join(', ')}`,
    });
  }
  return Promise.all(
    paths.map(async (path) => {
      const end = extname(path).toLowerCase();
      const form = forms[end];
      if (form !== undefined) return { form, file: await prepareOutputFile(path, '--out') };
      const allowed = `a file with one of these ends: ${ends.join(', ')}.${didYouMean(end, ends)}`;
      throw new OptionError({ option: '--out', value: path, allowed });
    }),
  );
}

async function* piece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
