import cluster from 'node:cluster';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import { answerOf, readRequest } from './clusterMessages.ts';

/** How long a worker that is disconnected stays connected for its last points. */
const disconnectMs = 1_000;

type Collect = (options: { timeoutMillis: number }) => Promise<CollectionResult>;

/** How a worker of a cluster gives its points to the primary. */
export interface WorkerAnswers {
  /**
   * Sends the points as they are now, so that the primary has them after this worker has ended, and answers no more.
   * Never rejects.
   */
  sendLast(timeoutMs: number): Promise<void>;
  stop(): void;
}

/**
 * Answers `clusterMetrics()` of the primary. Undefined in a process that is not a worker of a cluster. It does not keep the
 * worker alive: its channel to the primary does that by itself.
 */
export function workerAnswers(collect: Collect): WorkerAnswers | undefined {
  if (!cluster.isWorker || process.send === undefined) return undefined;
  let hasLeft = false;
  let isAnswering = false;
  let latest: { readonly id: number; readonly timeoutMs: number } | undefined;
  const send = async (timeoutMs: number, id?: number): Promise<void> => {
    try {
      const { resourceMetrics } = await collect({ timeoutMillis: timeoutMs });
      // The last points have been sent: older ones must not replace them.
      if (hasLeft && id !== undefined) return;
      const message = answerOf(resourceMetrics.scopeMetrics, id);
      await new Promise<void>((resolve) => {
        // A primary that has ended, or a channel that is closed: no answer is needed any more.
        if (!process.connected) resolve();
        else process.send?.(message, undefined, undefined, () => resolve());
      });
    } catch {
      // The primary counts the worker as one that does not answer.
    }
  };
  /** After a long pause many requests wait: only the latest of them is answered. */
  const answer = async (): Promise<void> => {
    isAnswering = true;
    while (latest !== undefined) {
      const { id, timeoutMs } = latest;
      latest = undefined;
      await send(timeoutMs, id);
    }
    isAnswering = false;
  };
  const listener = (message: unknown): void => {
    latest = readRequest(message) ?? latest;
    if (latest !== undefined && !isAnswering) void answer();
  };
  process.on('message', listener);
  const sendLast = (timeoutMs: number): Promise<void> => {
    hasLeft = true;
    return send(timeoutMs);
  };
  const restore = beforeDisconnect(() => sendLast(disconnectMs));
  return {
    sendLast,
    stop() {
      process.off('message', listener);
      restore();
    },
  };
}

/**
 * Node closes the channel of a worker by this method, also when the primary calls `worker.disconnect()`, and there is no
 * event before it: the last points would be lost with the channel.
 */
function beforeDisconnect(sendLast: () => Promise<void>): () => void {
  const { disconnect } = process;
  let isLeaving = false;
  const leave = (): void => {
    // Without a channel Node reports the mistake.
    if (!process.connected) disconnect.call(process);
    else if (!isLeaving) void sendLast().then(() => process.connected && disconnect.call(process));
    isLeaving = true;
  };
  process.disconnect = leave;
  return () => {
    if (process.disconnect === leave) process.disconnect = disconnect;
  };
}
