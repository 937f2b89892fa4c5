import type { LatencyRow } from '@benchlab-otel/wire';
import { checkedApplication, type FrameTime, frameLines } from './frameLines.ts';

/** The columns of PresentMon `--v1_metrics` in their order (PresentMon/CsvOutput.cpp), and the power of the bench after them. */
const header =
  'Application,ProcessID,SwapChainAddress,Runtime,SyncInterval,PresentFlags,Dropped,TimeInSeconds,msInPresentAPI,msBetweenPresents,AllowsTearing,PresentMode,msUntilRenderComplete,msUntilDisplayed,msBetweenDisplayChange,msFlipDelay,Note_Power_W';

/**
 * The rows of one pair of stages as PresentMon 1 writes frames, for other programs that read its files. A pipeline has no
 * process and no swap chain: those columns are 0, and the runtime and the mode are `Other`.
 *
 * @throws OptionError for an application that breaks the columns
 */
export function presentmonV1(
  rows: readonly LatencyRow[],
  application: string,
  frameTime: FrameTime = 'latency',
): string {
  const name = checkedApplication(application);
  const lines = frameLines(rows, frameTime).map(
    ({ timeSeconds, frameMs, powerWatts, cadenceMs, latencyMs }) =>
      `${name},0,0x0000000000000000,Other,0,0,0,${timeSeconds},0.000,${frameMs},0,Other,${latencyMs},${latencyMs},${cadenceMs},0.000,${powerWatts}`,
  );
  return `${[header, ...lines].join('\n')}\n`;
}
