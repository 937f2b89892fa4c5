// Bytes that one call allocates: what the heap grows by over a few thousand calls, with a young generation so large
// that nothing is collected meanwhile. Run Node with `flags`.

export const flags = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'];

const CALLS = 4000;
const ROUNDS = 7;

/** @param {(calls: number) => unknown} run runs `calls` calls, and may return a promise */
export async function bytesPerCall(run) {
  for (let warm = 0; warm < 3; warm++) await run(CALLS);
  const grown = [];
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    await run(CALLS);
    grown.push((process.memoryUsage().heapUsed - before) / CALLS);
  }
  const median = grown.sort((a, b) => a - b)[ROUNDS >> 1];
  return Math.max(0, Math.round(median));
}
