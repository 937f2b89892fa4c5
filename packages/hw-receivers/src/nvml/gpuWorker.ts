import { Worker } from 'node:worker_threads';
import { leaveDespite } from './leaveDespite.ts';
import type { WorkerReply, WorkerRequest, WorkerStart } from './messages.ts';

/** Calls the driver. One request at a time. */
export interface GpuWorker {
  /** Rejects when the worker has ended. May never settle: the driver may hang. */
  ask(request: WorkerRequest): Promise<WorkerReply>;
  /**
   * Ends it: no answer comes after this. Resolves when its thread has ended, or after a second with `hanging`, a promise
   * that resolves when the thread ends: it is inside the driver then.
   */
  end(): Promise<{ readonly hanging?: Promise<unknown> }>;
}

export type StartGpuWorker = (start: WorkerStart) => GpuWorker;

/** A thread ends within milliseconds. One that is inside the driver may never end. */
const endLimitMs = 1000;

/** NVML in a thread of its own: a call that hangs stops that thread only. */
export const startGpuWorker: StartGpuWorker = (start) => {
  const worker = new Worker(entry(), { workerData: start, name: 'nvml', execArgv: [] });
  let settle: { resolve(reply: WorkerReply): void; reject(error: Error): void } | undefined;
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    settle?.reject(failure);
  };
  worker.on('message', (reply: WorkerReply) => settle?.resolve(reply));
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('The NVML worker has ended.')));
  return {
    ask(request) {
      return new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        settle = { resolve, reject };
        worker.postMessage(request);
      });
    },
    async end() {
      settle = undefined;
      worker.removeAllListeners('message');
      const ended = worker.terminate();
      const isGone = await Promise.race([ended.then(() => true), delay(endLimitMs)]);
      if (isGone) return {};
      worker.unref();
      await leaveDespite(ended);
      return { hanging: ended };
    },
  };
};

/** Sources, as in tests, use the compiled worker, because Node 20 does not run TypeScript. */
function entry(): URL {
  const path = import.meta.url.endsWith('.ts') ? '../../dist/nvml/worker.js' : './worker.js';
  return new URL(path, import.meta.url);
}

function delay(ms: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), ms).unref();
  });
}
