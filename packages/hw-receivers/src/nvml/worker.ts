// The worker thread: the only place that calls the driver. It answers one request after the other. A request may hang for
// ever, so its parent watches it.
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

function answer(request: WorkerRequest): WorkerReply {
  if (request === 'read') return { kind: 'read', polls: reader?.read() ?? [] };
  try {
    reader ??= new GpuReader(loadNvml(library), systemClock.nowNs, options);
  } catch (thrown) {
    return { kind: 'failed', code: nvmlCode.libraryNotFound, message: String((thrown as Error).message) };
  }
  return reader.open();
}
