import cluster from 'node:cluster';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import { answerOf, readRequest } from './clusterMessages.ts';

type Collect = (options: { timeoutMillis: number }) => Promise<CollectionResult>;

/** How a worker of a cluster gives its points to the primary. */
export interface WorkerAnswers {
  /** Sends the points as they are now, so that the primary has them after this worker has ended. Never rejects. */
  sendLast(timeoutMs: number): Promise<void>;
  stop(): void;
}

/**
 * Answers `clusterMetrics()` of the primary. Undefined in a process that is not a worker of a cluster. It does not keep the
 * worker alive: its channel to the primary does that by itself.
 */
export function workerAnswers(collect: Collect): WorkerAnswers | undefined {
  if (!cluster.isWorker || process.send === undefined) return undefined;
  const send = async (timeoutMs: number, id?: number): Promise<void> => {
    try {
      const { resourceMetrics } = await collect({ timeoutMillis: timeoutMs });
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
  const listener = (message: unknown): void => {
    const request = readRequest(message);
    if (request !== undefined) void send(request.timeoutMs, request.id);
  };
  process.on('message', listener);
  return { sendLast: (timeoutMs) => send(timeoutMs), stop: () => void process.off('message', listener) };
}
