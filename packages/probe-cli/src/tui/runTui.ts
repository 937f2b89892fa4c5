import { BenchlabError, didYouMean, OptionError } from '@benchlab-otel/core';
import { colourDepth, columnNames, processScreen, Tui } from '@benchlab-otel/dashboard/terminal';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { untilSignalOr } from '../host/ending.ts';
import { liveThemes } from '../live/liveThemes.ts';
import { openFeed } from './openFeed.ts';
import { plotOf } from './plotOf.ts';
import type { TuiCommandOptions } from './tuiOptions.ts';

/** Below it, terminals take longer to draw a frame than there is time, ms. */
const fastRefreshMs = 150;

/** Shows the inputs on the screen until a key or a signal, or once as text. */
export async function runTui(host: CommandHost, options: TuiCommandOptions): Promise<number> {
  checkColumns(options.columns ?? []);
  const themes = await liveThemes(options.theme);
  const { once, json, plain, snapshot } = options;
  if (once || json || plain || snapshot !== undefined) {
    const { readOnce } = await import('./readOnce.ts');
    return readOnce(host, options);
  }
  const { terminal, clock, environment } = host;
  if (!terminal.redraws) throw notATerminal();
  if (options.refresh < fastRefreshMs) {
    terminal.err(
      `--refresh below ${fastRefreshMs}ms can be more than a slow terminal takes; frames are left out then.\n`,
    );
  }
  const { dashboard, feed, close } = await openFeed(host, options);
  const screen = new Tui({
    dashboard,
    device: (host.screen ?? processScreen)(options.input.includes('-')),
    clock,
    nowMs: Date.now,
    themes,
    depth: colourDepth(environment),
    ...plotOf(environment),
    refreshMs: options.refresh,
    columns: options.columns ?? [],
  });
  const ending = untilSignalOr(undefined, host);
  try {
    // The first frame does not wait for the inputs.
    screen.start();
    await feed.start();
    await Promise.race([screen.ended, ending.ended]);
  } finally {
    screen.stop();
    ending.end();
    await feed.stop();
    await close();
  }
  return exitCode.pass;
}

function checkColumns(columns: readonly string[]): void {
  const wrong = columns.find((name) => !columnNames.includes(name));
  if (wrong === undefined) return;
  const allowed = `names out of ${columnNames.join(', ')}.${didYouMean(wrong, columnNames)}`;
  throw new OptionError({ option: '--columns', value: wrong, allowed });
}

function notATerminal(): BenchlabError {
  const what = 'Standard output is not a terminal that can be redrawn: it is a file, a pipe, or TERM is dumb.';
  return new BenchlabError('BAD_OPTION', what, 'Add --once --plain, --once --json or --snapshot text.');
}
