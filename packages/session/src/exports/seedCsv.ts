import type { LatencyRow } from '@benchlab-otel/wire';
import { checkedApplication, type FrameTime, frameLines } from './frameLines.ts';

/** The five columns and no other. CapFrameX does not import this file; `capframexCsv` has the same columns and imports. */
const header = 'TimeInSeconds,MsBetweenPresents,Dropped,Application,Note_Power_W';

/**
 * The rows of one pair of stages as a table of five columns.
 *
 * @throws OptionError for an application that breaks the columns
 */
export function seedCsv(rows: readonly LatencyRow[], application: string, frameTime: FrameTime = 'latency'): string {
  const name = checkedApplication(application);
  const lines = frameLines(rows, frameTime).map(
    ({ timeSeconds, frameMs, powerWatts }) => `${timeSeconds},${frameMs},0,${name},${powerWatts}`,
  );
  return `${[header, ...lines].join('\n')}\n`;
}
