import { OptionError } from '@benchlab-otel/core';
import type { LatencyRow } from '@benchlab-otel/wire';

/** What `MsBetweenPresents` holds: the latency of the frame, or the time since the frame before. */
export type FrameTime = 'latency' | 'cadence';

/** One line of a table of frames; a figure that is absent is an empty text. */
export interface FrameLine {
  readonly timeSeconds: string;
  readonly frameMs: string;
  readonly powerWatts: string;
  readonly cadenceMs: string;
  readonly latencyMs: string;
}

/**
 * CapFrameX reads quotes in the first row alone, so that a comma in a name moves the columns of all others. A spreadsheet executes a
 * cell that begins with one of the four signs.
 */
const applicationRule =
  'a text of 1 to 128 characters without commas, quotes and control characters, which does not begin with = + - @';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are refused
const applicationPattern = /^(?![=+\-@])[^,"\u0000-\u001f\u007f]{1,128}$/;

/** The name of an application that a table of frames can have. @throws OptionError for one that breaks the columns */
export function checkedApplication(application: string): string {
  if (applicationPattern.test(application)) return application;
  throw new OptionError({ option: 'application', value: application, allowed: applicationRule });
}

/**
 * The rows of one pair, the time counted from the first one. The first frame has no cadence: 0 stands for it, as PresentMon
 * writes a time between frames that it does not know.
 */
export function frameLines(rows: readonly LatencyRow[], frameTime: FrameTime): readonly FrameLine[] {
  const startNs = rows[0]?.timeNs ?? 0;
  return rows.map(({ timeNs, latencyMs, powerWatts }, at) => {
    const before = rows[at - 1];
    const cadenceMs = before === undefined ? 0 : (timeNs - before.timeNs) / 1e6;
    return {
      timeSeconds: ((timeNs - startNs) / 1e9).toFixed(6),
      frameMs: (frameTime === 'latency' ? latencyMs : cadenceMs).toFixed(3),
      powerWatts: powerWatts === undefined ? '' : powerWatts.toFixed(2),
      cadenceMs: cadenceMs.toFixed(3),
      latencyMs: latencyMs.toFixed(3),
    };
  });
}
