// The worker thread: the only place that calls the driver. It answers one request after the other. A request may hang for
// ever, so its parent watches it.
import { readdirSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '@benchlab-otel/core';
import { nvmlCode } from './codes.ts';
import { GpuReader } from './gpuReader.ts';
import { loadNvml } from './library.ts';
import type { WorkerReply, WorkerRequest, WorkerStart } from './messages.ts';

const { library, ...options } = workerData as WorkerStart; // what gpuWorker.ts starts it with
let reader: GpuReader | undefined;

parentPort?.on('message', (request: WorkerRequest) => {
  parentPort?.postMessage(answer(request));
});

/** The driver has a folder for each GPU (NVIDIA Linux driver README, "Using the /proc File System Interface"). */
function countGpus(): number | undefined {
  try {
    return readdirSync('/proc/driver/nvidia/gpus').length;
  } catch {
    return undefined;
  }
}

function answer(request: WorkerRequest): WorkerReply {
  if (request === 'read') return reader?.read() ?? { kind: 'read', polls: [], hasMore: false };
  try {
    reader ??= new GpuReader(loadNvml(library), systemClock.nowNs, { ...options, countGpus });
  } catch (thrown) {
    return { kind: 'failed', code: nvmlCode.libraryNotFound, message: String((thrown as Error).message) };
  }
  return reader.open();
}
