import type { Clock } from '@benchlab-otel/core';

/** What came first: the answer, the timeout, or the abort. */
export type Watched<T> = { readonly kind: 'answer'; readonly value: T } | { readonly kind: 'timeout' | 'aborted' };

/** Waits for an answer that may never come. Rejects when `answer` rejects first. */
export async function watch<T>(
  answer: Promise<T>,
  clock: Clock,
  timeoutNs: number,
  signal: AbortSignal,
): Promise<Watched<T>> {
  let cancel = (): void => undefined;
  let aborted = (): void => undefined;
  const timeout = new Promise<Watched<T>>((resolve) => {
    cancel = clock.at(clock.nowNs() + timeoutNs, () => resolve({ kind: 'timeout' }));
    aborted = () => resolve({ kind: 'aborted' });
    signal.addEventListener('abort', aborted);
    if (signal.aborted) aborted();
  });
  try {
    return await Promise.race([answer.then((value) => ({ kind: 'answer', value }) as const), timeout]);
  } finally {
    cancel();
    signal.removeEventListener('abort', aborted);
  }
}
