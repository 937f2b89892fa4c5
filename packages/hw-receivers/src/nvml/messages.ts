import type { GpuChoice } from './chosenGpus.ts';
import type { GpuIdentity, GpuPoll } from './values.ts';

/** A request of the parent to the worker. */
export type WorkerRequest = 'open' | 'read';

export type OpenReply =
  | {
      readonly kind: 'opened';
      readonly gpus: readonly GpuIdentity[];
      readonly driver?: string;
      /** GPUs that this user may not read, in words. */
      readonly denied: readonly string[];
      /** GPUs that NVML counts and that do not answer, in words: they may come back. */
      readonly silent: readonly string[];
      /** GPUs that were chosen and do not answer, in words. */
      readonly missing: readonly string[];
    }
  /** `code` is NVML's; 12 when the library could not be loaded. */
  | { readonly kind: 'failed'; readonly code: number; readonly message: string };

export type WorkerReply = OpenReply | GpuRead;

export interface GpuRead {
  readonly kind: 'read';
  readonly polls: readonly GpuPoll[];
  /** The driver has a GPU that it had not when NVML was initialised: NVML sees it when it is initialised again. */
  readonly hasMore: boolean;
}

/** What the worker is started with. */
export interface WorkerStart {
  readonly library: string;
  readonly pcieThroughput: boolean;
  readonly processes: boolean;
  /** The GPUs that are read; all where it is absent. */
  readonly devices?: GpuChoice;
}
