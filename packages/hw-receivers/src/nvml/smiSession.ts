import { BenchlabError, type Clock } from '@benchlab-otel/core';
import { Backoff } from '../time/backoff.ts';
import { watch } from '../time/watchdog.ts';
import { askSmi, type RunSmi } from './smi.ts';

// Each run initialises the driver, which can disturb other work of the GPU (utkuozdemir/nvidia_gpu_exporter#89, #90):
// never more often than this, and less and less often while it fails.
const leastIntervalNs = 5e9;
const longestBackoffNs = 300e9;
const timeoutNs = 10e9;

/** nvidia-smi at long intervals, while NVML is not available. */
export class SmiSession {
  readonly #run: RunSmi;
  readonly #clock: Clock;
  readonly #backoff = new Backoff(leastIntervalNs, longestBackoffNs);
  #dueNs = Number.NEGATIVE_INFINITY;

  constructor(run: RunSmi, clock: Clock) {
    this.#run = run;
    this.#clock = clock;
  }

  isDue(nowNs: number): boolean {
    return nowNs >= this.#dueNs && this.#backoff.isDue(nowNs);
  }

  /** @throws BenchlabError when it fails, takes longer than ten seconds, or `signal` aborts */
  async ask(signal: AbortSignal): ReturnType<typeof askSmi> {
    const startNs = this.#clock.nowNs();
    this.#dueNs = startNs + leastIntervalNs;
    const kill = new AbortController();
    try {
      const answer = askSmi(this.#run, this.#clock, kill.signal);
      answer.catch(() => undefined); // reported below, unless the watchdog was faster
      const watched = await watch(answer, this.#clock, timeoutNs, signal);
      if (watched.kind !== 'answer') throw tookTooLong();
      this.#backoff.succeeded();
      return watched.value;
    } catch (thrown) {
      this.#backoff.failed(startNs);
      throw thrown;
    } finally {
      kill.abort();
    }
  }
}

function tookTooLong(): BenchlabError {
  const what = `nvidia-smi did not end within ${timeoutNs / 1e9} s and was killed.`;
  return new BenchlabError('TIMEOUT', what, 'Check the kernel log for the NVIDIA driver.');
}
