// Bytes that one call allocates: what the heap grows by over a few thousand calls, with a young generation so large
// that nothing is collected meanwhile. Run Node with `flags`.

export const flags = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'];

const callCount = 4000;
const rounds = 7;

/**
 * @param {(calls: number) => unknown} run runs `calls` calls, and may return a promise
 * @param {number} calls more where a call allocates little: what V8 allocates to compile is shared among them
 */
export async function bytesPerCall(run, calls = callCount) {
  for (let warm = 0; warm < 3; warm++) await run(calls);
  const grown = [];
  for (let round = 0; round < rounds; round++) {
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    await run(calls);
    grown.push((process.memoryUsage().heapUsed - before) / calls);
  }
  const median = grown.sort((a, b) => a - b)[rounds >> 1];
  return Math.max(0, Math.round(median));
}
