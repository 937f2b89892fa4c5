/** Waits until the event loop has polled every handle once: what has arrived by now was then delivered. */
export async function settle(): Promise<void> {
  // The first turn may be the end of a round that polled before this call.
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}
