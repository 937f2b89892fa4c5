import { fanOut } from '../collect/fanOut.ts';
import { deviceEventLog } from '../logs/deviceEventLog.ts';
import { receiverLog } from '../logs/receiverLog.ts';
import type { WithMetrics } from './metrics.ts';
import type { Running } from './teardown.ts';

/**
 * Starts the receivers, once their samples have metrics to go to. Waits for all before it rejects with the failure of one,
 * so that none is still starting when the others are stopped.
 */
export async function startReceivers(metered: WithMetrics, running: Running): Promise<void> {
  const { options, sources, sampleMetrics, power, logger, clock } = metered;
  const log = [deviceEventLog(logger), receiverLog(logger, clock)];
  const consumer = fanOut([sampleMetrics, power, ...log, ...sources.consumers]);
  running.receivers = options.receivers ?? [];
  const starts = await Promise.allSettled(running.receivers.map(async (receiver) => receiver.start(consumer)));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) throw failed.reason;
}
