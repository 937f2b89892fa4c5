import { rowsCsv } from '@benchlab-otel/dashboard/model';
import { textScreen, viewLines, viewObject } from '@benchlab-otel/dashboard/terminal';
import type { CommandHost } from '../host/commandHost.ts';
import { readingCode, readToEnd } from '../live/readToEnd.ts';
import { openFeed } from './openFeed.ts';
import { plotOf } from './plotOf.ts';
import type { TuiCommandOptions } from './tuiOptions.ts';

/** Characters of a snapshot where the output is not a terminal: the two sizes that the screen is made for. */
const snapshotSize = { width: 140, height: 40 };

/** Reads what the inputs hold, prints it in the form that was asked for, and ends. */
export async function readOnce(host: CommandHost, options: TuiCommandOptions): Promise<number> {
  const replayed = options.replay === undefined ? options : { ...options, input: [options.replay] };
  const { replay: _, ...plainOptions } = replayed;
  const { dashboard, feed, close } = await openFeed(host, plainOptions, false);
  try {
    await readToEnd(host, dashboard, feed, plainOptions.input);
  } finally {
    await close();
  }
  const nowMs = Date.now();
  const view = dashboard.view({}, nowMs);
  const { terminal } = host;
  if (options.snapshot === 'csv') terminal.out(rowsCsv(dashboard.rows({}, nowMs)).replaceAll('\r\n', '\n'));
  else if (options.snapshot === 'text') {
    const { redraws, columns, rows } = terminal;
    const size = redraws ? { width: Math.max(80, columns), height: Math.max(24, rows - 1) } : snapshotSize;
    const looks = { ...plotOf(host.environment), themeName: options.theme, columns: options.columns ?? [] };
    terminal.out(textScreen(dashboard, { nowMs, ...looks, ...size }));
  } else if (options.json) terminal.out(`${JSON.stringify(viewObject(view), null, 2)}\n`);
  else
    terminal.out(
      viewLines(view)
        .map((line) => `${line}\n`)
        .join(''),
    );
  return readingCode(host, view);
}
