import { BenchlabError, type Clock } from '@benchlab-otel/core';
import { watch } from '../time/watchdog.ts';
import { nvmlCode } from './codes.ts';
import type { GpuWorker, StartGpuWorker } from './gpuWorker.ts';
import type { GpuRead, OpenReply, WorkerReply, WorkerRequest, WorkerStart } from './messages.ts';

/** How long a request may take. Reading eight GPUs takes about 10 ms, and half a second with the throughput of PCIe. */
const patienceNs = 5e9;
/** The most threads that may hang in the driver. Then none is started until one returns. */
const maxHanging = 3;

export type Opened = Extract<OpenReply, { kind: 'opened' }>;

/** NVML behind its worker: starts the worker, watches it, and abandons it when it does not answer. */
export class NvmlSession {
  readonly #start: WorkerStart;
  readonly #startWorker: StartGpuWorker;
  readonly #clock: Clock;
  readonly #hanging = new Set<Promise<unknown>>();
  #worker: GpuWorker | undefined;

  constructor(start: WorkerStart, startWorker: StartGpuWorker, clock: Clock) {
    this.#start = start;
    this.#startWorker = startWorker;
    this.#clock = clock;
  }

  /** Initialises the library, or initialises it again. @throws BenchlabError when that fails or `signal` aborts */
  async open(signal: AbortSignal): Promise<Opened> {
    if (this.#worker === undefined && this.#hanging.size >= maxHanging) {
      const what = `${maxHanging} calls into the NVIDIA driver hang.`;
      throw new BenchlabError('TIMEOUT', what, 'NVML is not called until one returns. Restart the host.');
    }
    this.#worker ??= this.#startWorker(this.#start);
    const reply = await this.#ask('open', signal);
    if (reply.kind === 'opened') return reply;
    await this.end();
    if (reply.kind === 'failed') throw notOpened(reply.code, reply.message, this.#start.library);
    throw unexpected();
  }

  async read(signal: AbortSignal): Promise<GpuRead> {
    const reply = await this.#ask('read', signal);
    if (reply.kind === 'read') return reply;
    throw unexpected();
  }

  /** Releases the worker, within about a second. */
  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    const hanging = (await worker?.end())?.hanging;
    if (hanging === undefined) return;
    this.#hanging.add(hanging);
    const returned = () => void this.#hanging.delete(hanging);
    hanging.then(returned, returned);
  }

  async #ask(request: WorkerRequest, signal: AbortSignal): Promise<WorkerReply> {
    const worker = this.#worker;
    if (worker === undefined) throw unexpected();
    let cause: unknown;
    try {
      const watched = await watch(worker.ask(request), this.#clock, patienceNs, signal);
      if (watched.kind === 'answer') return watched.value;
    } catch (thrown) {
      cause = thrown;
    }
    await this.end();
    if (cause instanceof BenchlabError) throw cause;
    if (cause !== undefined) {
      const what = 'The NVML worker ended by itself.';
      throw new BenchlabError('DEVICE_LOST', what, 'It is started again. Check the NVIDIA driver.', { cause });
    }
    const what = `NVML did not answer within ${patienceNs / 1e9} s: a call into the driver hangs.`;
    throw new BenchlabError('TIMEOUT', what, 'It is started again. Check the kernel log for the NVIDIA driver.');
  }
}

function notOpened(code: number, message: string, library: string): BenchlabError {
  if (code === nvmlCode.libraryNotFound) {
    const what = `NVML cannot be loaded from ${library}: ${message}.`;
    return new BenchlabError('NO_DEVICE', what, 'Install the NVIDIA driver, or name its library.');
  }
  const isDenied = code === 4 || code === 17; // no permission; blocked by the operating system
  const what = `NVML cannot be initialised: ${message}.`;
  return isDenied
    ? new BenchlabError('NO_PERMISSION', what, 'Let this user open /dev/nvidiactl and /dev/nvidia0.')
    : new BenchlabError('UNSUPPORTED', what, 'Check the NVIDIA driver: nvidia-smi shows more.');
}

function unexpected(): BenchlabError {
  return new BenchlabError(
    'BAD_REPLY',
    'The NVML worker sent an answer that does not belong to the request.',
    'Please report it.',
  );
}
