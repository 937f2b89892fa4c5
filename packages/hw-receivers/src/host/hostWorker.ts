import { compiledEntry, startThread, type WorkerThread } from '../thread/workerThread.ts';
import type { HostSourceName } from './hostDevices.ts';
import type { HostReply, HostRequest } from './messages.ts';
import type { RaplMarks } from './rapl.ts';
import { FilePlace } from './watchedFiles.ts';

/** What the thread is started with. */
export interface HostStart {
  readonly sources: readonly HostSourceName[];
  readonly root: string | undefined;
  /** Where the energy counters stood in the thread before. */
  readonly marks?: RaplMarks;
}

/** What the thread gets: also the memory in which it states which file it reads. */
export interface HostWorkerData extends HostStart {
  readonly place: SharedArrayBuffer;
}

/** Reads the files of the host. */
export interface HostWorker extends WorkerThread<HostRequest, HostReply> {
  readonly place: FilePlace;
}

export type StartHostWorker = (start: HostStart) => HostWorker;

/** It keeps some hundred texts. With the usual heaps a thread grows to twice the memory. */
const resourceLimits = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 64, codeRangeSizeMb: 8, stackSizeMb: 1 };

/** The host in a thread of its own: a file that never answers stops that thread only. */
export const startHostWorker: StartHostWorker = (start) => {
  const place = new FilePlace();
  const workerData: HostWorkerData = { ...start, place: place.shared };
  const entry = compiledEntry('host/worker.js');
  return { ...startThread<HostRequest, HostReply>({ entry, name: 'host', workerData, resourceLimits }), place };
};
