import { compiledEntry, startThread, type WorkerThread } from '../thread/workerThread.ts';
import type { WorkerReply, WorkerRequest, WorkerStart } from './messages.ts';

/** Calls the driver. */
export type GpuWorker = WorkerThread<WorkerRequest, WorkerReply>;

export type StartGpuWorker = (start: WorkerStart) => GpuWorker;

/** NVML in a thread of its own: a call that hangs stops that thread only. */
export const startGpuWorker: StartGpuWorker = (workerData) =>
  startThread({ entry: compiledEntry('nvml/worker.js'), name: 'nvml', workerData });
