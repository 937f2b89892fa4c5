// The thread that reads the files of the host. A file may never answer, so its parent watches it.
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '@benchlab-otel/core/definitions';
import { hostFiles } from './files.ts';
import { HostAnswers } from './hostAnswers.ts';
import { hostDevices } from './hostDevices.ts';
import type { HostWorkerData } from './hostWorker.ts';
import type { HostRequest } from './messages.ts';
import { FilePlace } from './watchedFiles.ts';

const { sources, root, marks, place } = workerData as HostWorkerData; // what hostWorker.ts starts it with
const devices = hostDevices(sources, root !== undefined, marks);
const answers = new HostAnswers(devices, hostFiles(root), new FilePlace(place), systemClock.nowNs);

parentPort?.on('message', (request: HostRequest) => {
  parentPort?.postMessage(answers.answer(request));
});
